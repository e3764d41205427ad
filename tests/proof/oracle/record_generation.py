"""Random questions about CloudTrail records: one seed, one question."""

from __future__ import annotations

from collections.abc import Mapping

from .generation import Generator
from .language import Atom, Both, Either, Formula, Path, Relation, Word
from .question import Question
from .records import CLOUDTRAIL

__all__ = ["EVENT", "cloudtrail_question"]

EVENT = "StopConfigurationRecorder"
_SOURCE = "config.amazonaws.com"
_FIELDS_OF_RECORDS: Mapping[Path, tuple[str, ...]] = {
    ("eventName",): (EVENT, "Stop*", "*Recorder", "*Configuration*", "PutDeliveryChannel", "Put*", "Delete*", "*"),
    ("eventSource",): (_SOURCE, "config*", "*.amazonaws.com", "sns.amazonaws.com", "*"),
    ("errorCode",): ("AccessDenied", "*", "*Denied*"),
    ("userIdentity", "type"): ("Root", "AssumedRole", "IAMUser", "AWSService", "A*"),
    ("userIdentity", "arn"): ("arn:aws:iam::111122223333:root", "*:root", "*/Admin/*", "arn:*", "*"),
    ("userIdentity", "invokedBy"): ("*", "cloudformation.amazonaws.com", "AWS Internal", "*.amazonaws.com"),
    ("userIdentity", "sessionContext", "sessionIssuer", "userName"): ("deploy", "deploy-*", "*"),
    ("awsRegion",): ("us-east-1", "us-*", "eu-west-1", "*-1", "us-gov-west-1", "us-east-1a", "*"),
    ("eventType",): ("AwsApiCall", "AwsServiceEvent", "Aws*"),
    ("recipientAccountId",): ("111122223333", "444455556666", "1111*"),
    ("readOnly",): ("true", "false"),
    ("managementEvent",): ("true", "false"),
    ("responseElements",): ("null", "*"),
    ("requestParameters", "configurationRecorderName"): ("default", "*", ""),
    ("sourceIPAddress",): ("10.*", "203.0.113.10", "cloudformation.amazonaws.com"),
}


class RecordGenerator(Generator):
    """Questions about one event, with the conditions that people write, and exclude callers and Regions by."""

    words = _FIELDS_OF_RECORDS

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.paths = self.random.sample(list(_FIELDS_OF_RECORDS), k=self.random.choice((1, 2, 3)))

    def question(self) -> Question:
        event = Both((self.equal("eventSource", _SOURCE), self.equal("eventName", EVENT)))
        found = super().question()
        names = [self.equal("eventName", name) for name in (EVENT, "PutDeliveryChannel")]
        deployed: list[Formula] = []
        for each in found.deployed:
            frame = self.random.choice((names[0], Either(tuple(names)), event, self.equal("eventSource", _SOURCE)))
            deployed.append(Both((frame, each)) if self.chance(0.6) else Either((frame, each)))
        required = event if self.chance(0.5) else Both((*event.parts, found.required))
        return Question(required, tuple(deployed), CLOUDTRAIL)

    def equal(self, name: str, word: str) -> Atom:
        return Atom((name,), Relation.EQ, Word(word))


def cloudtrail_question(seed: int) -> Question:
    """A question about the records of one event, a successful call of account 111122223333."""
    return RecordGenerator(seed).question()
