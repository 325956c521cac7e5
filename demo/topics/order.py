"""All topics, in the order of the page: addition first, then concatenation, its contrast."""

from __future__ import annotations

from demo.page.topic import Topic
from demo.topics.choice.topic import CHOICE
from demo.topics.closer.topic import CLOSER
from demo.topics.compare.topic import COMPARE
from demo.topics.dense.topic import DENSE
from demo.topics.inception.topic import INCEPTION
from demo.topics.lesson.topic import LESSON
from demo.topics.reduction.topic import REDUCTION
from demo.topics.residual.topic import RESIDUAL
from demo.topics.train.topic import TRAIN

TOPICS: tuple[Topic, ...] = (
    COMPARE,
    CLOSER,
    RESIDUAL,
    DENSE,
    INCEPTION,
    REDUCTION,
    CHOICE,
    TRAIN,
    LESSON,
)
