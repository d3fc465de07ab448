/**
 * The process that runs Python snippets. They print to nowhere. As in a script of its own, sys.exit() may end a
 * snippet, and its threads are waited for. A result is `{}` or `{error}`, a CodeError.
 */
export const PYTHON_DRIVER = `
import json, os, sys, threading, traceback
import redis

def line_of(error):
    if isinstance(error, SyntaxError):
        return error.lineno if error.filename == 'snippet' else None
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == 'snippet']
    return lines[-1] if lines else None

def described(error):
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    description = {'name': type(error).__name__, 'message': message}
    line = line_of(error)
    if line:
        description['line'] = line
    if isinstance(error, redis.ResponseError):
        description['reply'] = True
    return description

out = os.fdopen(3, 'w')
for request in map(json.loads, sys.stdin):
    try:
        r = redis.Redis(**request['options'], decode_responses=True)
        try:
            exec(compile(request['source'], 'snippet', 'exec'), {'__name__': '__main__', 'r': r, 'redis': redis})
        except SystemExit as end:
            if end.code not in (None, 0):
                raise
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()
        r.close()
        answer = {}
    except BaseException as error:
        answer = {'error': described(error)}
    print(json.dumps(answer), file=out, flush=True)
`;
