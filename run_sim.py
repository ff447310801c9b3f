"""Run the simulator: `python run_sim.py` runs the flagship drill, `python run_sim.py --help` shows what else there is."""

import sys


def main() -> int:
    """The console script: the command line's `main`; a Ctrl-C while it is still being loaded ends quietly, too."""
    try:
        from sim.cli.main import main as run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
