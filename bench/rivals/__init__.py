"""What others would use instead, measured beside Broadtape on the same inputs.

    python -m bench.rivals [pages|feeds|stories|edits ...] [--sample N] [--write]

Each rival runs in a process and a virtual environment of its own (tools.py), as the
scripts of guest/ use it; questions and answers are JSON lines. What is asked and how it
is judged is here: pages.py, feeds.py, stories.py, edits.py, one for each table of
docs/comparison.md.
"""
