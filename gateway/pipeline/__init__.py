"""The way of a request, one file per stage, in this order:

negotiate → csrf → authenticate → read → persisted → parse → limits (shape) → validate → plan → limits (cost, rate)
→ execute → respond. `run` joins them; whatever a stage will not let pass is a `Refused`.

A document that was seen before skips from `persisted` to `limits (cost, rate)` by one look-up of its text.
"""
