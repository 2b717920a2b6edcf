"""Places one call to the bridge with aioagi, as an Asterisk would, and prints what was asked of it.

    llamada.py agi://127.0.0.1:4573/citas '[["pide_nss", "00000000019"], ["eco.tecla_1", "1"]]'

Each pair is the end of a sound's name and the keys that the caller presses when GET DATA plays it; a sound that is not named is heard in
silence. The last line is JSON: {"result": the dialplan's variable, "commands": so many, "sounds": names in order}.
"""
import asyncio
import json
import sys

from aioagi.client import AGIClientSession
from aioagi.commands import AGICommand
from aioagi.parser import AGIMessage


class Caller:
    def __init__(self, keys):
        self.keys = keys
        self.typed = ""
        self.sounds = []
        self.result = None
        self.commands = 0

    def answer(self, message):
        """What an Asterisk would print: result, and what stands in parentheses."""
        self.commands += 1
        command, arguments = message.command, message.args
        if command is AGICommand.STREAM_FILE:
            self.sounds.append(arguments[0])
        if command is AGICommand.GET_DATA:
            return self.get_data(arguments)
        if command is AGICommand.SET_VARIABLE and arguments[0] == "IVR_RESULTADO":
            self.result = arguments[1]
            return "1", None
        if command is AGICommand.CHANNEL_STATUS:
            return "6", None
        return "0", None

    def get_data(self, arguments):
        # aioagi leaves out an empty word, which is the sound of a GET DATA that plays none.
        if len(arguments) == 3:
            self.sounds.append(arguments[0])
            if self.keys and arguments[0].endswith(self.keys[0][0]):
                self.typed = self.keys.pop(0)[1]
        most = int(arguments[-1])
        digits, self.typed = self.typed[:most], self.typed[most:]
        return digits, (None if len(digits) == most else "timeout")


async def main(url, keys):
    caller = Caller(keys)
    headers = {"agi_channel": "Local/5550100@entrada-00000001;2", "agi_language": "es_MX", "agi_callerid": "unknown"}
    async with AGIClientSession(loop=asyncio.get_running_loop(), headers=headers) as session:
        async with session.local(url) as response:
            async for message in response:
                result, data = caller.answer(message)
                print(message.command.value, flush=True)
                await response.send(AGIMessage(200, result, {"data": data} if data else {}))
    print(json.dumps({"result": caller.result, "commands": caller.commands, "sounds": caller.sounds}))


asyncio.run(asyncio.wait_for(main(sys.argv[1], json.loads(sys.argv[2])), 60))
