"""Words for what is told of a response, one room an area; `sim.analysis.words` joins them to the one table."""

from sim.analysis.sayings import conduct, disasters, duties, exercise, forces, headquarters, stores

TABLE: dict[str, tuple[str, str]] = (
    headquarters.TABLE | stores.TABLE | forces.TABLE | conduct.TABLE | disasters.TABLE | duties.TABLE | exercise.TABLE
)
