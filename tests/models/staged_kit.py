"""A staged accident with a bit of everything, and the capabilities it asks for: what tests of the language begin with."""

from __future__ import annotations

CAPABILITIES = {
    "FIRST_AID": "people",
    "ROAD_CLEAR": "m3/h",
    "USAR": "crews",
    "GEO_MON": "crews",
    "TRAFFIC": "points",
    "FIRE_WATER": "L/s",
    "CORDON": "points",
    "LABOR": "people",
    "EVAC": "people/h",
    "POWER": "kW",
}

HEAD = """\
title: {zh: 试, en: Trial}
severity_scale: production
description: {zh: 试, en: Trial}
causes:
  plain: {zh: 一般, en: Plain, standing: config, source: test, factors: {}, values: {}}
scope:
  people: {zh: 人, en: People, unit: people, by_grade: [1, 3, 10, 30], range: [0, 500], standing: config, source: test}
discovery:
  day: {description: Day, unit: min, value: 1, standing: config, source: test}
  night: {description: Night, unit: min, value: 1, standing: config, source: test}
parameters:
  work: {description: Work, unit: crew-min, value: 10, standing: config, source: test, range: [0, 1000]}
  flow: {description: Flow, unit: m3/h, value: 36, standing: config, source: test, range: [0, 1000]}
  share: {description: Share, unit: "1", value: 0.5, standing: config, source: test, range: [0, 1]}
"""
BODY = """\
people:
  inside: {zh: 内, en: Inside, count: people, status: trapped, entrapment: masonry}
quantities:
  water: {zh: 水, en: Water, unit: m3, initial: 100 m3, rate: flow}
demands:
  rescue: {zh: 救, en: Rescue, kind: work, capability: USAR, frees: inside, each: work, face: 4, priority: 1, within: 1 h,
           gives: {red: 0.5, green: 0.5}}
  clear: {zh: 清, en: Clear, kind: work, capability: ROAD_CLEAR, works_off: water, within: 2 h}
  hold: {zh: 守, en: Hold, kind: hold, capability: CORDON, amount: 2, priority: 7}
night: {begins: "22:00", ends: "06:00"}
stages:
  - id: rising
    zh: 涨
    en: Rising
    mode: growing
    on_enter:
      - people: {group: inside, become: {dead: 0.2}}
      - road: {state: closed}
    demands: [rescue, clear]
    ends:
      - {quantity: {name: water, above: 200 m3}, to: full}
      - {quantity: {name: water, below: 10 m3}, to: dry}
  - id: full
    zh: 满
    en: Full
    mode: steady
    rates: {water: 0 m3/h}
    demands: [rescue, clear]
    harms:
      - {group: inside, rate: 1 /h, become: {dead: 0.5, yellow: 0.5}, why: drowned}
    ends:
      - {after: 3 h, to: dry}
  - id: dry
    zh: 干
    en: Dry
    mode: declining
    on_enter:
      - road: {state: open}
      - note: {name: road_free, zh: 通, en: Free}
    rates: {water: 0 m3/h}
    demands: [rescue, hold]
    ends:
      - {work_done: rescue, to: watch}
  - id: watch
    zh: 看
    en: Watch
    mode: controlled
    demands: [hold]
    ends:
      - {rate_met: hold, for: 30 min, to: over, reason: {name: quiet, zh: 平静, en: Quiet}}
"""
