"""What is fast, how much memory it takes, how often it is right: each beside its baseline, measured in one run.

A benchmark prints and asserts nothing. Each module has ``main(shared)``; ``python -m benchmarks [name …]`` runs them.
"""
