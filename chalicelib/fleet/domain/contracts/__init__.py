"""Rules of contracts.

request     what a contract's request must be, and every problem of one that is not
money       amounts in the smallest unit of their currency
documents   identity documents and the check digit of a Colombian NIT
contract    a contract, its states, and which may follow which
circuit     when a service that keeps failing is not asked any more
"""
