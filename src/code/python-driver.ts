/**
 * The process that runs Python snippets. They print to nowhere. As in a script of its own, sys.exit() may end a
 * snippet, and its threads are waited for. A result is `{}` or `{error}`, a CodeError.
 */
export const PYTHON_DRIVER = `
import json, os, socket, sys, threading, traceback
import redis

# The name of a lesson's server leads to where that is.
place = None
getaddrinfo = socket.getaddrinfo

def lead(host, port, *args, **kwargs):
    if place:
        if str(host).lower() != place['host'] or int(port or 0) != place['port']:
            raise OSError(f"this code connects to {host}:{port}; the server of this exercise is {place['host']}:{place['port']}")
        host, port = place['at']['host'], place['at']['port']
    return getaddrinfo(host, port, *args, **kwargs)

socket.getaddrinfo = lead

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
        place = request.get('place')
        names = {'__name__': '__main__', 'redis': redis}
        r = None
        if 'options' in request:
            names['r'] = r = redis.Redis(**request['options'], decode_responses=True)
        elif 'ca' in place:
            names['ca'] = place['ca']['file']
        try:
            exec(compile(request['source'], 'snippet', 'exec'), names)
        except SystemExit as end:
            if end.code not in (None, 0):
                raise
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()
        if r:
            r.close()
        answer = {}
    except BaseException as error:
        answer = {'error': described(error)}
    print(json.dumps(answer), file=out, flush=True)
`;
