"""A campaign's life, as people steer it: drafted, looked at, started, paused, resumed, cancelled."""
