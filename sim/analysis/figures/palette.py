"""Palette: the colours of the pictures, calm and apart for the colour-blind (after Okabe and Ito)."""

INK, DIM, PALE, LAND, GRID = "#22272e", "#6b7280", "#d7dbe0", "#f7f6f2", "#e8eaed"
TIER = {1: "#1f6fb2", 2: "#2a9d78", 3: "#dd9a1f"}
STATE = {
    "turnout": "#c9ced6", "travelling": "#6fb1de", "held": "#6b5b53", "queued": "#8d7a6f",
    "setting_up": "#f0dd7a", "working": "#2a9d78",
    "reserve": "#cfe8dd", "resting": "#cfa9c4", "carrying": "#7a5aa6", "returning": "#dbe8f2",
}  # fmt: skip
PHASE = {"undiscovered": "#8a8f98", "reported": "#f0dd7a", "awaited": "#6fb1de", "responding": "#d4622b"}
STATUS = {
    "exposed": "#f3e2a9", "trapped": "#dd9a1f", "waiting": "#d4622b", "carried": "#9fc7e5", "hospital": "#5b9bd0",
    "saved": "#1f6fb2", "safe": "#2a9d78", "missing": "#b9bec6", "dead": "#3b4048",
}  # fmt: skip
ROAD = {
    "expressway": (1.6, "#bcc2ca"),
    "national": (1.3, "#bfc5cd"),
    "provincial": (1.0, "#cbd0d7"),
    "urban": (0.5, "#dde0e4"),
}
SMALL_ROAD = (0.6, "#dde0e4")
HAZARD, WORK, BELIEF, MARK, NIGHT, COUNTY = "#d4622b", "#2a9d78", "#dd9a1f", "#b0416b", "#eef1f6", "#a59c86"
