"""Lines labeled by execution, as process supervision needs them (docs/labels.md).

values.py    steps, mutants, and what executing them showed
labeling.py  runs the program and its mutants
document.py  labels -> the JSON document `orps.labels/1`
prm.py       labels -> rows that trainers of process reward models read
"""

from orps_search.labels.labeling import LabelLimits, label_lines
from orps_search.labels.values import LabeledMutant, LabeledStep, Labels

__all__ = ["LabelLimits", "LabeledMutant", "LabeledStep", "Labels", "label_lines"]
