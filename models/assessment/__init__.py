"""How a duty officer grades an incident from what is believed; one file a way, the file's name is its name."""
