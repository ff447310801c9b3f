"""Physics that several hazards share: functions of plain numbers, SI, without a number of their own."""
