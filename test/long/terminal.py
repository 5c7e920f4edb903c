"""Runs a command in a pseudo-terminal, and types answers: terminal.py RULES COMMAND...

RULES is a JSON list of [pattern, text] pairs. Whenever what was printed since the last answer ends in a pattern, the text of the
first such rule is typed. Prints all output, without escape sequences, and exits with the code of the command.
"""
import json, os, pty, re, select, sys, time

rules = [(re.compile(pattern + r'\Z', re.S), text) for pattern, text in json.loads(sys.argv[1])]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
output, answered, deadline = '', 0, time.time() + 900
while time.time() < deadline:
    if not select.select([terminal], [], [], 0.2)[0]:
        # Only when nothing more comes: a prompt is the last that is printed.
        for pattern, text in rules:
            if pattern.search(output[answered:]):
                answered = len(output)
                os.write(terminal, text.encode())
                break
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    output += re.sub(r'\x1b\[[0-9;?]*[A-Za-z]', '', chunk.decode(errors='replace')).replace('\r', '')
else:
    os.kill(pid, 9)
    output += '\nTIMEOUT'
sys.stdout.write(output)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
