"""The morning's second half: what is unusual, where it is heading, what to do, and all of it together.

Code finds and counts; a text model may say it better. A model that fails raises, the state machine tries again and
then asks for the same without a model (``"model": false``), which cannot fail for the model's reasons.
"""
