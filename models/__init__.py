"""What the simulator knows: models of hazards, people, dispatch, travel. Place-free."""
