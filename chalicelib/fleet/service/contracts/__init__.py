"""The way of a contract.

requesting    POST /contracts: checked whole, then the execution is started
validating    ValidateCustomerData: the request, and what the registry says of the customer
creating      CreateContract: one contract per execution
paying        ProcessPayment
activating    ActivateService
closing       RefundPayment and VoidContract: money back, then the contract void
reconciling   what is left when an execution or an answer was lost: Stripe's events, a look every 15 minutes
changing      how all of them write a contract
views         GET /contracts
"""
