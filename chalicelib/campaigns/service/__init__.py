"""What the desk does. Each service loads, decides by the rules of ``domain``, and saves through ``ports``.

importing    contacts come in             dispatching  a wave is queued          watching   progress, repairs
lifecycle    created, started, paused     dialing      a call is placed          reporting  the report
validating   may it run, and whose is it  settling     how a call ended          preflight  a wave, not sent
scheduling   starts to come
"""
