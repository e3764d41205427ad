"""The walk along the chain of an account, hop by hop, to the assessment.

May import everything below: `account`, `control`, `proof` and the packages of the hops. Must never know boto3, the
handler or how a verdict is put into words.

One required event, from the handler's call down to a person:

    walk             `assess`: makes the context, finds the sources, follows the candidates, gives the verdict
    context          what is known of the event's records, and what the hops are handed
    sources          trail -> log group: who records the event, and where it is written
    filters          log group -> metric: which filters may match it, and what they publish
    listed_alarms    the same from the full listing of alarms, only where the plain ones were not enough
    alarms           metric -> topics: does an alarm fire, is it heard, whom does it notify?
    topic            alarm -> topic -> key: does the topic take the message?
    subscriptions    topic -> subscription -> queue or function: the end of a whole path

and back as values: each hop returns its paths (`Chain`), whole or with the reasons that break them,

    coverage         what whole paths cover together
    explanation      why an event is not covered
    verification     whether that is known, or something could not be verified
    proposals        what the remedies make beside what is there
    walk             the `Assessment`, which the handler puts into words

What several hops ask about one filter: `intended_alarms` (was an alarm on another metric meant for its own?), `metrics`
(its alarms and who else publishes to its metric, one by one or from listings), `shared_metric` (who else publishes to
its metric), `routine_traffic` (does it see what happens all day), `aws_answers` (what AWS itself says that it matches),
`reasons` (what they tell). What topics and their subscribers ask alike: `judging` (whose key it is, which
organization). A module imports only those that come after it here, and `context`.
"""

from .walk import assess

__all__ = ["assess"]
