"""Run the simulator: `python run_sim.py` runs the flagship drill, `python run_sim.py --help` shows what else there is."""

import sys

from sim.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
