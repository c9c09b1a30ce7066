"""The second solvers: each finds a family's answer from the parameters in another way than the family does.

A solver is one module (``<topic>/<name>.py``) with one function ``solve(parameters)``. It imports nothing of
:mod:`tanemaki.verify.problems`; a test looks. It returns the answer in no language, in the family's form.
"""
