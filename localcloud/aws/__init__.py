"""AWS's API inside this process: moto for what it does well, our own answers for the rest.

moto_backend.py  starts moto, sets its clock, and tells a listener what happens inside it
moto_dynamodb.py  makes moto's DynamoDB fast enough: its tables
moto_expressions.py  and its expressions
moto_requests.py  makes a request's way to moto short
routing.py       which service a request is for, whatever host it was sent to
router.py        the one way of every request: in-process clients and the HTTP gateway alike
lambda_api.py    the Lambda operations answered by `localcloud.functions`
"""
