"""The subcommands, a module each: arguments as a type, their parser, and the work.

A module is imported when its command was chosen, with all that its work needs. Nothing
else imports one: a command that wants the work of another takes it from below both.
"""
