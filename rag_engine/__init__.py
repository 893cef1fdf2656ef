"""The matching engine of the tickets desk: the program of its container, and the only code that needs numpy.

python -m rag_engine match      recommend experts for the ticket that the environment names
python -m rag_engine fill       put every solved ticket into the index that VECTOR_INDEX names, anew
python -m rag_engine compact    put what was indexed lately into the files that matches read
python -m rag_engine evaluate   replay history, print figures beside a baseline, promote a better model
"""
