package dev.modelflow.text;

import java.nio.file.Path;
import java.util.List;

/**
 * Writes conversations as tokens, as the model that reads them has learnt to: in the template that
 * an import took over, or in the flow's own format. Content never becomes special tokens, whatever
 * it says.
 */
public sealed interface ChatTemplate permits FlowTemplate, OwnTemplate {
  /** The flow's format in Jinja, for {@code tokenizer_config.json}. */
  String JINJA =
      "{% for message in messages %}"
          + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] }}"
          + "{% if loop.last and message['role'] == 'assistant' %}{{ eos_token }}"
          + "{% else %}{{ '<|im_end|>\\n' }}{% endif %}"
          + "{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

  /**
   * The template of a model's folder: its own, else that of the flow.
   *
   * @param tokenizer of that folder
   * @throws TextException when the folder has a template of its own that cannot be followed
   *     exactly, naming what is not known
   */
  static ChatTemplate of(Path folder, Tokenizer tokenizer) {
    return TemplateFile.read(folder)
        .<ChatTemplate>map(source -> OwnTemplate.of(folder, source, tokenizer))
        .orElseGet(() -> flows(tokenizer));
  }

  /** The flow's own format. */
  static ChatTemplate flows(Tokenizer tokenizer) {
    return new FlowTemplate(tokenizer);
  }

  /**
   * The whole conversation, with the assistant's tokens marked.
   *
   * @throws TooLongException when the template does not write one as long as this
   * @throws TextException when the template refuses it
   */
  ChatTokens render(List<Message> messages);

  /**
   * The tokens after which the model says its turn.
   *
   * @throws TextException when the template refuses them
   */
  int[] prompt(List<Message> messages);

  /** The tokens of an assistant's last turn: its content and the token that ends it. */
  int[] answer(String content);
}
