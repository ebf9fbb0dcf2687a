"""Writes the golden files of the engine's tests: small random models, made and computed by transformers alone.

Usage: golden.py FOLDER. For each model FOLDER/NAME gets config.json and weights as save_pretrained writes them (of two
models in a file in float32, of the Olmo 2 in several in bfloat16), and expected.safetensors: for each length L the tokens
read (L.tokens), L.logits, L.loss, and L.gradient.WEIGHT for the longest; of the FlexOlmo also L.balanceLoss and
L.routerZLoss, which its gradients are of too. FOLDER/published has all that people publish: an Olmo 3 in bfloat16 with its
tokenizer, a chat template and generation_config.json. Beside them stand bfloat16.safetensors, values in float32 and as torch
rounds them to bfloat16, and the golden files of options.py and chats.py. FAULT.LENGTH.logits are what
the Olmo 3 with a fault of faults.py computes, and the FlexOlmo with one of experts.py.
"""

import shutil
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    FlexOlmoConfig,
    GenerationConfig,
    Olmo2Config,
    Olmo3Config,
    PreTrainedTokenizerFast,
)

import chats
import experts
import faults
import options
import reference

SIZES = {
    "vocab_size": 64,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "rms_norm_eps": 1e-6,
    "pad_token_id": 3,
    "eos_token_id": 0,
}


# By their ids.
SPECIAL_TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>"]
# Not that of Modelflow: the last turn, too, ends as a message.
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def olmo3(vocabulary=SIZES["vocab_size"]):
    """Seven layers, the last full out of turn; window 8; YaRN from 16 to 128; heads of another size than their share."""
    yarn = {"rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 16, "rope_theta": 10000.0}
    plain = {"rope_type": "default", "rope_theta": 10000.0}
    return Olmo3Config(
        **{**SIZES, "vocab_size": vocabulary},
        head_dim=8,
        num_hidden_layers=7,
        layer_types=["full_attention" if layer in (3, 6) else "sliding_attention" for layer in range(7)],
        sliding_window=8,
        max_position_embeddings=128,
        rope_parameters={"full_attention": yarn, "sliding_attention": plain},
    )


def olmo2():
    """Two full layers and a tied head."""
    return Olmo2Config(
        **SIZES,
        num_hidden_layers=2,
        max_position_embeddings=64,
        rope_parameters={"rope_type": "default", "rope_theta": 500000.0},
        tie_word_embeddings=True,
    )


def flex_olmo():
    """Three full layers with six experts each, two of them for a token."""
    return FlexOlmoConfig(
        **{**SIZES, "intermediate_size": 12},
        num_hidden_layers=3,
        max_position_embeddings=64,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        num_experts=6,
        num_experts_per_tok=2,
        router_aux_loss_coef=experts.BALANCE,
        router_z_loss_coef=experts.ROUTER_Z,
    )


def randomize(model):
    """Weights under which every part matters, norms included; and how experts are weighted, in spite of the norm behind."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape)
            small = 0.005 if "experts.down" in name else 0.5 if "embed" in name else 0.3
            weight.copy_(1 + 0.2 * noise if "norm" in name else small * noise)


def save(folder, config, dtype, shard):
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager").eval()
    randomize(model)
    model.to(dtype).save_pretrained(folder, max_shard_size=shard)
    (folder / "generation_config.json").unlink(missing_ok=True)
    # Read again, since rounding the model also rounded its rotary frequencies.
    return reference.load(folder)


def store(folder, expected):
    save_file({name: tensor.clone().contiguous() for name, tensor in expected.items()}, folder / "expected.safetensors")


def write(folder, config, lengths, dtype, shard):
    model = save(folder, config, dtype, shard)
    expected = {}
    for length in lengths:
        tokens = torch.randint(4, config.vocab_size, (length,))
        logits, loss, gradients = reference.compute(model, tokens.tolist())
        expected |= {f"{length}.tokens": tokens.float(), f"{length}.logits": logits, f"{length}.loss": loss.reshape(1)}
        if length == max(lengths):
            expected |= {f"{length}.gradient.{name}": gradient for name, gradient in gradients.items()}
    if config.model_type == "olmo3":
        options.masked(model, tokens.tolist(), folder / "masked.safetensors")
        expected |= faulty(folder, faults.ALL, lengths[1], expected[f"{lengths[1]}.tokens"].long().tolist())
    store(folder, expected)


def write_experts(folder, config, length):
    """The losses of the routers too, and the gradient of all losses as experts.py weights them."""
    model = save(folder, config, torch.float32, "1MB")
    tokens = torch.randint(4, config.vocab_size, (length,))
    logits, losses, gradients = experts.compute(model, tokens.tolist())
    expected = {f"{length}.tokens": tokens.float(), f"{length}.logits": logits}
    expected |= {f"{length}.{name}": loss.reshape(1) for name, loss in losses.items()}
    expected |= {f"{length}.gradient.{name}": gradient for name, gradient in gradients.items()}
    store(folder, expected | faulty(folder, experts.FAULTS, length, tokens.tolist()))


def write_published(folder):
    """The tokenizer has fewer tokens than the model has rows."""
    save(folder, olmo3(vocabulary=288), torch.bfloat16, "1MB")
    ends = [SPECIAL_TOKENS.index("<|im_end|>"), SIZES["eos_token_id"]]
    drawing = {"do_sample": True, "temperature": 0.6, "top_p": 0.95}
    GenerationConfig(eos_token_id=ends, pad_token_id=SIZES["pad_token_id"], **drawing).save_pretrained(folder)
    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=280,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    words.train_from_iterator(["0123456789" * 3, "The order of the words is the order of the thoughts."], trainer)
    special = {"eos_token": "<|endoftext|>", "pad_token": "<|pad|>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, chat_template=CHAT_TEMPLATE, **special)
    tokenizer.save_pretrained(folder)
    chats.write(tokenizer, folder.parent / "chats.json")


def write_rounding(file):
    """Of all sizes; and, of each of some exponents, halfway between two and a bit to either side."""
    torch.manual_seed(2)
    drawn = torch.randn(512) * 10.0 ** torch.linspace(-42, 38, 512)
    halves = torch.arange(0x00008000, 0x7F000000, 0x02010000, dtype=torch.int32)
    near = torch.cat([halves - 1, halves, halves + 1]).view(torch.float32)
    values = torch.cat([drawn, near, -near, torch.tensor([0.0, -0.0])])
    save_file({"float32": values, "bfloat16": values.to(torch.bfloat16)}, file)


def faulty(folder, every, length, tokens):
    return {
        f"{name}.{length}.logits": reference.logits(reference.load(folder, **fault), tokens)
        for name, fault in every.items()
    }


def main(folder):
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    write(folder / "olmo3", olmo3(), (6, 32, 96), torch.float32, "1MB")
    write(folder / "olmo2", olmo2(), (24,), torch.bfloat16, "5KB")
    options.skip_step(folder / "skip-step.json")
    write_experts(folder / "flex_olmo", flex_olmo(), 40)
    write_published(folder / "published")
    write_rounding(folder / "bfloat16.safetensors")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
