"""Problems whose answers are computed: families of them, and the way from a seed to a worked item.

A **family** is one module below this folder (``<topic>/<name>.py``) in the shape "parameters → problem, answer, solutions,
difficulty", with its sentences in two files (``<topic>/wording/{ja,en}/<name>.toml``). Another module,
``tanemaki/verify/solvers/<topic>/<name>.py``, solves the same problems another way and imports nothing of this folder.
Nothing here asks a model, needs the network or imports a heavy library.
"""
