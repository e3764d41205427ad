"""Records every read of an evaluation in one JSON file, and replays it: how a user reports a wrong verdict.

    recorder = Recorder(source)
    assessment = assess(recorder.account(), Requirement.parse(parameters), now)
    recorder.recording(now, parameters).redacted().save(path)

    recording = Recording.load(path)
    assess(replayed(recording), Requirement.parse(recording.parameters), recording.evaluated_at)

A replay gives the recorded verdict, a failure too, on any machine and without AWS. A recording holds what the rule
reads and nothing else: no credentials, no request headers, no tags or descriptions.

`redacted()` replaces what says whose account it is: every id of an account or an organization, e-mail address,
telephone number and URL, each by a stand-in of its kind, the same one wherever it occurs, so that ARNs and policies
still agree. Names that people gave to resources stay, and so do patterns, because verdicts depend on them.

May import `config_changes_alarm.account` and `resources`; knows neither boto3 nor what is judged.
"""

from .recorder import Recorder
from .recording import Recording
from .replay import replayed
from .values import MalformedRecording

__all__ = ["MalformedRecording", "Recorder", "Recording", "replayed"]
