"""Calls main of main.py with what args.json holds, as the executor manager of RAGFlow does, and prints the value behind its marker."""

import base64
import json
import os
import sys

folder = os.path.dirname(os.path.abspath(__file__))
os.makedirs(os.path.join(folder, "artifacts"), exist_ok=True)
sys.path.insert(0, folder)

if __name__ == "__main__":
    from main import main

    with open(os.path.join(folder, "args.json"), encoding="utf-8") as file:
        value = main(**json.load(file))
    result = json.dumps({"present": True, "value": value, "type": "json"}, ensure_ascii=False, separators=(",", ":"))
    print("__RAGFLOW_RESULT__:" + base64.b64encode(result.encode()).decode())
