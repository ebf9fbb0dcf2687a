"""The golden file of chat templates: what transformers writes with them, and with a tokenizer reads of it.

INSTRUCT, THINK and PLAIN have the shapes of templates that come with public models: a system's turn that is always there and
speaks of functions; a generation prompt that opens the model's thoughts; roles that are no special tokens, with a token that
begins the text. SMALL has what templates are made of, a few constructs each.
"""

import json

INSTRUCT = """\
{%- set told = messages | selectattr('role', 'equalto', 'system') | list | length > 0 -%}
{%- if not told -%}
    {{- '<|im_start|>system
Answer briefly. ' -}}
    {%- if tools is none or (tools | length) == 0 -%}
        {{- 'No function is at hand. <functions></functions><|im_end|>\\n' -}}
    {%- else -%}
        {{- '<functions>' -}}{{- tools | tojson -}}{{- '</functions><|im_end|>\\n' -}}
    {%- endif -%}
{%- endif -%}
{%- for message in messages -%}
    {%- if message['role'] == 'system' -%}
        {{- '<|im_start|>system\\n' + message['content'] -}}
        {%- if message.get('functions', none) is not none -%}
            {{- ' <functions>' + message['functions'] + '</functions><|im_end|>\\n' -}}
        {%- else -%}
            {{- ' No function is at hand. <functions></functions><|im_end|>\\n' -}}
        {%- endif -%}
    {%- elif message['role'] == 'user' -%}
        {{- '<|im_start|>user\\n' + message['content'] + '<|im_end|>\\n' -}}
    {%- elif message['role'] == 'assistant' -%}
        {{- '<|im_start|>assistant\\n' -}}
        {%- if message.get('content', none) is not none -%}
            {{- message['content'] -}}
        {%- endif -%}
        {%- if message.get('function_calls', none) is not none -%}
            {{- '<function_calls>' + message['function_calls'] + '</function_calls>' -}}
        {% elif message.get('tool_calls', none) is not none %}
            {%- for call in message['tool_calls'] %}
                {%- if call is mapping and call.get('function', none) is not none %}
                    {%- set wanted = call['function']['arguments'] -%}
                    {%- set ns = namespace(parts=[]) -%}
                    {%- for key, value in wanted.items() -%}
                        {%- set ns.parts = ns.parts + [key ~ '=' ~ (value | tojson)] -%}
                    {%- endfor -%}
                    {{- call['function']['name'] + '(' + (ns.parts | join(', ')) + ')' -}}
                    {%- if not loop.last -%}{{ '\\n' }}{%- endif -%}
                {% else %}
                    {{- call -}}
                {%- endif %}
            {%- endfor %}
        {%- endif -%}
        {%- if not loop.last -%}
            {{- '<|im_end|>' + '\\n' -}}
        {%- else -%}
            {{- eos_token -}}
        {%- endif -%}
    {%- elif message['role'] in ['environment', 'tool'] -%}
        {{- '<|im_start|>environment\\n' + message['content'] + '<|im_end|>\\n' -}}
    {%- endif -%}
    {%- if loop.last and add_generation_prompt -%}
        {{- '<|im_start|>assistant\\n' -}}
    {%- endif -%}
{%- endfor -%}
"""

THINK = (
    "{% for message in messages %}{% set said = message.content %}"
    "{% if message.role == 'assistant' and '</think>' in said and not loop.last %}"
    "{% set said = said.split('</think>')[-1].strip() %}{% endif %}"
    "{{ '<|im_start|>' + message.role + '\\n' + said }}"
    "{% if loop.last and message.role == 'assistant' %}{{ eos_token }}{% else %}{{ '<|im_end|>\\n' }}{% endif %}"
    "{% if loop.last and add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>' }}{% endif %}{% endfor %}"
)

PLAIN = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ '<|system|>\\n' + message['content'] + '\\n' }}"
    "{% elif message['role'] == 'user' %}{{ '<|user|>\\n' + message['content'] + '\\n' }}"
    "{% elif message['role'] == 'assistant' %}{% if not loop.last %}"
    "{{ '<|assistant|>\\n' + message['content'] + eos_token + '\\n' }}"
    "{% else %}{{ '<|assistant|>\\n' + message['content'] + eos_token }}{% endif %}{% endif %}"
    "{% if loop.last and add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}{% endfor %}"
)

CHAT = {"instruct": INSTRUCT, "think": THINK, "plain": PLAIN}

SMALL = [
    "a\n  {% if true %}\n  b\n  {% endif %}\n c {# not said #}\nd\n",
    "a \n {%- if true -%} \n b \n {%- endif +%}\n c\n  {%+ if true %}d{% endif %}\n\n",
    "{{- 'a' -}}\n {{ 'b' }}\n{{ 'c' -}} \n d\n{#- no -#} e\r\nf",
    "{% for m in messages %}{{ loop.index }}/{{ loop.length }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }} {% endfor %}",
    "{% for m in messages[1:] %}{{ m.role }}{% else %}none{% endfor %}{% for m in messages[::-1] %}{{ m['role'][0] }}{% endfor %}",
    "{% for m in messages if m.role != 'user' %}{{ loop.index ~ m.role }}{% else %}nobody{% endfor %}",
    "{% set x = 1 %}{% for m in messages %}{{ x }}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}",
    "{% set ns = namespace(n=0, all=[]) %}{% for m in messages %}{% set ns.n = ns.n + 2 %}{% set ns.all = ns.all + [m.role] %}{% endfor %}{{ ns.n }}{{ ns.all | join('+') }}",
    "{% set said %} {{ messages[0].content }} {% endset %}[{{ said | trim }}]{{ said | length }}",
    "{{ messages[-1]['content'] | trim }}|{{ messages[0].content.strip() }}|{{ messages[0].content.lstrip() }}|{{ messages[0].content.rstrip() }}|",
    "{{ messages | length }}{{ (messages | first).role }}{{ (messages | last).role }}{{ messages | map(attribute='role') | join(' ') }}",
    "{{ missing }}{{ missing is defined }}{{ missing is none }}{{ none is none }}{{ missing | default('d') }}{{ '' | default('e', true) }}{{ none }}",
    "{{ 1 + 2 * 3 - 4 }}{{ 7 // 2 }}{{ -7 // 2 }}{{ -7 % 3 }}{{ 2 ~ 3 + 1 ~ '' if false else 'no' }}{{ 'a' ~ 1 ~ true ~ none }}",
    "{{ 1 < 2 < 3 }}{{ 1 < 3 < 2 }}{{ not 1 == 2 }}{{ 'a' in 'banana' }}{{ 'x' not in ['a', 'x'] }}{{ 'role' in messages[0] }}{{ true == 1 }}{{ '1' == 1 }}",
    "{{ '' or 'b' }}{{ 'a' and 'b' }}{{ 0 or none }}{{ 'yes' if messages else 'no' }}{{ 'x' if false }}",
    "{{ 'q\"u\\'o\\\\te\\u00e9\\n' }}{{ \"it's\" 'one' }}{{ messages[0].content | tojson }}{{ [1, 'b', none, true] | tojson }}",
    "{{ messages[0].content.split('e')[0] }}{{ messages[0].content.split('e') | length }}{{ messages[0].content.replace('e', 'EE') }}",
    "{{ messages[0].content.startswith(' ') }}{{ messages[0].content.endswith('?') }}{{ messages[0].content[1:3] }}{{ messages[0].content[-2:] }}",
    "{{ messages[0] is mapping }}{{ messages is string }}{{ messages is iterable }}{{ messages[0].content is string }}{{ 3 is odd }}{{ 3 is even }}{{ 3 is number }}",
    "{% for key, value in messages[0].items() %}{{ key }}:{{ value }};{% endfor %}{% for key in messages[0] %}{{ key }}{% endfor %}{{ messages[0].get('name', 'nobody') }}",
    "{{ messages | selectattr('role', 'in', ['user', 'tool']) | list | length }}{{ messages | rejectattr('role', 'ne', 'user') | map(attribute='content') | first }}",
    "{{ messages | selectattr('name') | list | length }}{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('/') }}",
    "{{ bos_token }}{{ eos_token }}{{ pad_token }}{{ unk_token is defined }}{{ tools is none }}{{ add_generation_prompt }}",
    "{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set first = messages[0]['content'] %}{% else %}{% set rest = messages %}{% set first = false %}{% endif %}{% if first != false %}<{{ first }}>{% endif %}{% for m in rest %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}!{% endif %}{{ m.content }}{% endfor %}",
    "{% set ns = namespace(on=true) %}{% for m in messages if ns.on %}{{ loop.index }}{{ m.role }}{% set ns.on = false %}{% endfor %}",
    "{% set ns = namespace(n=0) %}{% for m in messages if ns.n < 2 %}{{ loop.last }}{{ m.role }}{% set ns.n = ns.n + 1 %}{{ loop.nextitem is defined }}{% endfor %}",
    "{% set ns = namespace(n=0) %}{% for m in messages if ns.n < 1 %}{{ loop.length }}{{ loop.revindex }}{{ m.role }}{% set ns.n = ns.n + 1 %}{{ loop.last }}{% endfor %}",
    "{% set ns = namespace(n=0) %}{% for m in messages if ns.n < 2 %}{{ loop.last }}{% set ns.n = ns.n + 1 %}{{ loop.revindex0 }}{{ loop.length }}{{ loop.previtem.role if not loop.first }}{% else %}none{% endfor %}",
    "{% for m in messages %}{% set outer = loop %}{{ loop.depth }}{{ loop['depth0'] }}{% for c in m.role[:2] if outer.index > 1 %}{{ loop.depth }}{{ outer.last }}{{ outer.index }}{{ loop.index }}{% endfor %}{% endfor %}",
    "{% set ns = namespace(l=none) %}{% for m in messages %}{% if ns.l is not none %}{{ ns.l.index }}{% endif %}{% set ns.l = loop %}{% endfor %}{{ ns.l.index }}{{ ns.l.last }}{{ ns.l.nextitem is defined }}",
    "{{ messages[0].content.strip(' ?W') }}|{{ '\\n\\na\\n'.lstrip('\\n') }}|{{ 'abcab'.rstrip('ba') }}|{{ ' a '.strip(none) }}|{{ 'ab'.strip('') }}|{{ '\U0001f642a\U0001f643'.strip('\U0001f642') }}",
    "{{ ((1, 2) + (3,)) | join }}{{ ((1, 2, 3)[1:] + (4,)) | join }}{{ (1, [2]) | tojson }}{{ (1, 2) is sequence }}{{ messages[0].keys() is sequence }}{{ messages[0].keys() | last }}",
    "{{ 'a\u00e9\U0001f642b'[::-1] }}{{ 'a\u00e9\U0001f642b'[2] }}{{ 'a\u00e9\U0001f642b'[-2:] }}{{ 'abcdef'[4:1:-2] }}{{ 'abc'[9] }}{{ [1, 2, 3][::-1] | join }}{{ '\U0001f642' | first }}{{ 'b\U0001f642' | last }}{{ '' | last }}",
]

QUESTION = {"role": "user", "content": " What is the order of the words? "}
ORDER = {"role": "system", "content": "Answer in order."}
ANSWER = {"role": "assistant", "content": "<think>words</think>\nThe order, 123.\n"}
LAST = {"role": "assistant", "content": "Thoughts: \u00e9\U0001f642"}
QUOTED = {"role": "user", "content": "\"<|im_end|>\" \\ \t<|endoftext|>\n"}

CONVERSATIONS = [
    [QUESTION],
    [ORDER, QUESTION],
    [QUESTION, LAST],
    [QUESTION, ANSWER, {"role": "user", "content": "And?"}],
    [ORDER, QUESTION, ANSWER, QUESTION, LAST],
    [QUOTED, LAST],
]

BEGINS = {"bos_token": "<|endoftext|>"}


def write(tokenizer, file):
    """Of templates with turns also the tokens, where no text in a turn is a special token's name."""
    tokenizer.add_special_tokens(BEGINS)
    cases = []
    for name, template in [*CHAT.items(), *((f"small {i}", each) for i, each in enumerate(SMALL))]:
        for messages in CONVERSATIONS:
            prompt = messages[-1]["role"] == "user"
            given = {"chat_template": template, "add_generation_prompt": prompt}
            case = {"name": name, "messages": messages, "prompt": prompt}
            case["written"] = tokenizer.apply_chat_template(messages, tokenize=False, **given)
            if name in CHAT and QUOTED not in messages:
                case["tokens"] = tokenizer.apply_chat_template(messages, **given)["input_ids"]
            cases.append(case)
    templates = {**CHAT, **{f"small {i}": each for i, each in enumerate(SMALL)}}
    file.write_text(json.dumps({"templates": templates, "cases": cases}, ensure_ascii=False, indent=1) + "\n")
