import time
import uuid
from contextlib import contextmanager


class RedisLock:
    """Distributed lock using Redis."""

    def __init__(self, redis_client, name: str, timeout: int = 10):
        self.redis = redis_client
        self.name = f"lock:{name}"
        self.timeout = timeout
        self.token = str(uuid.uuid4())

    def acquire(self, blocking: bool = True, blocking_timeout: float = None) -> bool:
        """Acquire the lock."""
        start = time.time()

        while True:
            # Try to set the lock
            acquired = self.redis.set(
                self.name,
                self.token,
                nx=True,  # Only set if not exists
                ex=self.timeout
            )

            if acquired:
                return True

            if not blocking:
                return False

            if blocking_timeout is not None:
                if time.time() - start >= blocking_timeout:
                    return False

            time.sleep(0.1)

    def release(self):
        """Release the lock."""
        # Use Lua script to ensure we only delete our lock
        script = """
        if redis.call("get", KEYS[1]) == ARGV[1] then
            return redis.call("del", KEYS[1])
        else
            return 0
        end
        """
        self.redis.eval(script, 1, self.name, self.token)

    @contextmanager
    def __call__(self, blocking: bool = True, blocking_timeout: float = None):
        """Context manager for using the lock."""
        acquired = self.acquire(blocking, blocking_timeout)
        try:
            yield acquired
        finally:
            if acquired:
                self.release()


# The guide's lock, as it is: its token tells whose the lock is, and not who came later.
def acquire(client, name, *, ttl_ms):
    lock = RedisLock(client, name, ttl_ms // 1000)
    return lock.token if lock.acquire(blocking=False) else None


def save(client, name, fence, text):
    client.set(name, text)
    return True
