"""Loads the releases that the product wrote as anyone would; prints a line for each check and exits 1 if one fails.

Usage: check_release.py FOLDER, a folder that dev.modelflow.parity.ParityExport wrote. Nothing is told to transformers but
the folder and, where answers are compared, to answer greedily, since a release's own way is to draw.
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

import reference
from check import Checks

# Each folder with a release, and whether its random model ends some answers with either of the tokens that may end one.
RELEASES = {"": True, "tied": False, "sparse": True, "dolma2": False, "bf16": True}
# What transformers loads by itself, and in how many files it is, of one that is not in float32 and in one.
STORED = {"bf16": (torch.bfloat16, 3)}


class Release:
    def __init__(self, folder, checks, name):
        self.checks = checks
        self.name = f"{name} release: " if name else "release: "
        self.inputs = json.loads((folder / "inputs.json").read_text())
        self.tokenizer = AutoTokenizer.from_pretrained(folder / "release")
        self.model = AutoModelForCausalLM.from_pretrained(folder / "release")
        self.compare_storage(folder / "release", *STORED.get(name, (torch.float32, 1)))
        # In float32, as the engine answers.
        self.model.to(reference.DEVICE, torch.float32)
        self.generation = GenerationConfig.from_pretrained(folder / "release")
        specials = self.inputs["specials"]
        self.ends, self.padding = [specials["endOfText"], specials["messageEnd"]], specials["padding"]

    def check(self, name, ok, detail):
        self.checks.check(self.name + name, ok, detail)

    def compare_storage(self, folder, dtype, files):
        found = self.model.dtype, len(list(folder.glob("*.safetensors")))
        self.check("weights", found == (dtype, files), f"{found[0]}, files: {found[1]}")

    def compare_tokens(self):
        theirs = [self.tokenizer(text)["input_ids"] for text in self.inputs["texts"]]
        self.check("tokens of texts", theirs == self.inputs["textTokens"], f"{len(theirs)} texts")
        decoded = [self.tokenizer.decode(ids) for ids in theirs]
        self.check("texts of tokens", decoded == self.inputs["texts"], f"{len(decoded)} texts")

    def compare_template(self):
        chat = self.inputs["conversation"]
        whole = self.tokenizer.apply_chat_template(chat)["input_ids"]
        self.check("chat template", whole == self.inputs["conversationTokens"], f"{len(whole)} tokens")
        prompt = self.tokenizer.apply_chat_template(chat[:2], add_generation_prompt=True)["input_ids"]
        self.check("chat template's prompt", prompt == self.inputs["promptTokens"], f"{len(prompt)} tokens")

    def compare_specials(self):
        tokenizer, config = self.tokenizer, self.model.config
        one = (None, self.ends[0], self.padding)
        both = (None, self.ends, self.padding)
        found = {
            "tokenizer": ids(tokenizer) == one,
            "config": ids(config) == one,
            "generation config": ids(self.generation) == both,
            "model's generation config": ids(self.model.generation_config) == both,
            "longest sequence": tokenizer.model_max_length == config.max_position_embeddings,
        }
        wrong = [where for where, right in found.items() if not right]
        self.check("special tokens", not wrong, f"wrong: {', '.join(wrong)}" if wrong else f"{self.ends} end, {self.padding} pads")

    def compare_draws(self):
        """Nothing is told: without the release's word, only the best 50 are drawn, and 20 tokens said."""
        config, _ = self.model._prepare_generation_config(None)
        drawn = config.do_sample, config.temperature, config.top_k, config.top_p
        self.check("draws", drawn == (True, 1.0, 0, 1.0), f"temperature {drawn[1]}, top_k {drawn[2]}, top_p {drawn[3]}")
        torch.manual_seed(1)
        prompts = [each["prompt"] for each in self.inputs["answers"][:2]]
        with torch.no_grad():
            lengths = [self.model.generate(reference.batch(prompt)).shape[1] - len(prompt) for prompt in prompts]
        longest = self.model.config.max_position_embeddings // 2
        ok = config.max_new_tokens == longest and 20 < max(lengths) <= longest
        self.check("length of drawn answers", ok, f"{min(lengths)} to {max(lengths)} of at most {longest} tokens")

    def compare_answers(self, must_end):
        answers = self.inputs["answers"]
        same = sum(self.answer(each["prompt"]) == each["answer"] for each in answers)
        tokens = sum(len(each["answer"]) for each in answers)
        lengths = [len(each["prompt"]) for each in answers]
        detail = f"{same} of {len(answers)} equal, {tokens} tokens after {min(lengths)} to {max(lengths)}"
        self.check("greedy answers", same == len(answers), detail)
        if must_end:
            last = {each["answer"][-1] for each in answers if len(each["answer"]) < self.inputs["longestAnswer"]}
            self.check("answers that end", last == set(self.ends), f"with {sorted(last)}")

    def answer(self, prompt):
        ids = reference.batch(prompt)
        with torch.no_grad():
            said = self.model.generate(ids, do_sample=False, max_new_tokens=self.inputs["longestAnswer"])
        return said[0, len(prompt):].tolist()


def ids(source):
    return source.bos_token_id, source.eos_token_id, source.pad_token_id


def main(folder):
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    checks = Checks()
    for name, must_end in RELEASES.items():
        release = Release(folder / name, checks, name)
        release.compare_tokens()
        release.compare_template()
        release.compare_specials()
        release.compare_answers(must_end)
        release.compare_draws()
    return checks.failed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
