"""A process reward model of program lines that trains in minutes on a laptop.

rows.py       exported labels -> examples
features.py   an example -> numbers, from syntax, data flow and execution
metrics.py    area under the curve with its interval, calibration, baselines
model.py      training, saving and loading; the only module that knows LightGBM
critic.py     the model in the seat of a critic
"""
