"""A case file to start from: commented in both languages, valid as it stands."""

from __future__ import annotations

from collections.abc import Mapping

from sim import catalog
from sim.catalog import HazardPlugin
from sim.doors.case import CaseFile
from sim.doors.city import load_city
from sim.doors.common import portable
from sim.doors.hazard import HazardCard, ScopeEntry
from sim.errors import InvalidInput, Problem, UnknownName
from sim.reader import load

_START = "2024-07-19T14:30:00"  # any day will do


def new_case(name: str, hazard: str, city: str | None = None, listed: str | None = None) -> str:
    """The text of a case of that hazard in a city (that of the flagship if none is named), in its most populous town.

    The hazard goes by its name or by its title, 中文 or English.

    `listed` is a master event list as a case file has it, to stand in it.

    Raises `UnknownName` for a hazard that does not exist and `InvalidInput` for a name that cannot be a file's.
    """
    try:
        portable(
            name.replace(" ", "_") if name == name.strip() else name
        )  # words apart are good enough for a file of one's own
    except ValueError as error:
        what, _, remedy = str(error).partition("; ")
        raise InvalidInput([Problem(name[:60], 1, 1, "", what, remedy)]) from None
    known = catalog.hazards()
    hazard = _named(hazard, known)
    card = known[hazard].card
    root = catalog.scenarios_root()
    if city is None:
        flagship = (root / "flagship").read_text(encoding="utf-8").strip()
        city = next(load(file).as_(CaseFile).city for file in sorted(root.rglob(f"{flagship}.yaml")))
    towns = load_city(root / "cities" / city, month=1, models=catalog.models_root()).towns.values()
    town = min(towns, key=lambda t: (-t.population, t.code))
    file = f'"{name}.yaml"' if " " in name else f"{name}.yaml"
    text = _TEXT.format(
        name=name, file=file, city=city, start=_START, hazard=hazard, town=town.name_zh, town_en=town.name_en, county=town.county,
        title_zh=card.title.zh, title_en=card.title.en, cause=next(iter(card.causes)), causes=_causes(card), scopes=_scopes(card),
        parameters=_parameters(card),
    )  # fmt: skip
    if listed is None:
        return text
    before, _, after = text.partition(_INJECTS)
    return f"{before}{listed}{after[after.index(_EXPECT) :]}"


def _named(hazard: str, known: Mapping[str, HazardPlugin]) -> str:
    """The name of the hazard that is meant by its name or its title. Raises `UnknownName`."""
    if hazard in known:
        return hazard
    titles = {title: name for name, plugin in known.items() for title in (plugin.card.title.zh, plugin.card.title.en)}
    if hazard not in titles:
        raise UnknownName("hazard", hazard, {*known, *titles} if not hazard.isascii() else known)
    return titles[hazard]


def _causes(card: HazardCard) -> str:
    return "\n".join(f"    #   {name:<24} {cause.zh} {cause.en}" for name, cause in card.causes.items())


def _scopes(card: HazardCard) -> str:
    return "\n".join(
        f"    #   {name + ': ' + _example(entry):<24} {entry.zh} {entry.en}" for name, entry in card.scope.items()
    )


def _example(entry: ScopeEntry) -> str:
    figure = entry.by_grade[1]
    return figure if entry.unit == "1" else f"{figure} {entry.unit}"


def _parameters(card: HazardCard) -> str:
    lines = []
    for name, passport in card.parameters.items():
        value = passport.value if isinstance(passport.value, str) else None
        shown = f"{value}{'' if passport.unit == '1' else ' ' + passport.unit}" if value else f"… {passport.unit}"
        lines.append(f"    #   {name + ': ' + shown:<32} {' '.join(str(passport.description).split())}")
    return "\n".join(lines)


_INJECTS = "# 情景注入 What exercise control releases\n"
_EXPECT = "\n# 期望处置 Expected actions\n"
_TEXT = """\
# {name}: {title_zh} {title_en}
# 运行 Run:    python run_sim.py run {file}
# 检查 Check:  python run_sim.py check {file}
name: {{zh: {name}, en: {name}}}
city: {city}
starts_at: {start}           # 当地时间 local time
# seed: 1                       # 随机种子 the luck of the day
# strategy: nearest_capable     # 调派策略 python run_sim.py list strategies
# horizon: 72 h                 # 最长推演时间 the run ends here at the latest

# 天气：未写明的取当月气候 What is not said is the climate of the month
# weather:
#   default: {{wind: 3 m/s, temperature: 15 C, humidity: 60 %, rain: 0 mm/h}}

# 模型中的数，可在本案例中改动 Numbers of the models that are other here: python run_sim.py list numbers
# rules:
#   reporting.intake: 5 min

incidents:
  - id: F1
    nature: {hazard}            # 性质 {title_zh} {title_en}
    time: "+00:00"              # 时间: +00:30, 14:40, 90 min
    # 地域: {{town: …}}, {{facility: …}}, {{link: …, at: 0.4}}, {{lon: …, lat: …}}; offset: {{km: 3, bearing: 120 deg}}
    location: {{town: {town}, county: "{county}"}}    # {town_en}
    # 原因 one of:
{causes}
    cause: {cause}
    # 范围: 等级 a grade (一般 较大 重大 特别重大), and/or:
{scopes}
    scope: {{grade: 较大}}
    # parameters:               # 模型参数 numbers of the model, if they are known
{parameters}

# 情景注入 What exercise control releases
# injects:
#   - id: rain
#     title: {{zh: 强降雨, en: Heavy rain}}
#     at: "+01:30"
#     do:
#       - weather: {{rain: 20 mm/h}}

# 期望处置 Expected actions
expect:
  - id: first_crew
    title: {{zh: 首支力量 60 分钟内到场, en: The first crew is on the spot within an hour of the first report}}
    since: {{event: report_received, incident: F1}}
    done: {{event: arrived, incident: F1}}
    within: 60 min
"""
