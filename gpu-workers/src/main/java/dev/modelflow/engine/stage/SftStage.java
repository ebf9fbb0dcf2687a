package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.data.SequenceDocuments;
import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.ChatTokens;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Supervised fine-tuning: conversations in the chat template, loss on the assistant's tokens. */
final class SftStage {
  private static final String SOURCE = "conversations";

  private SftStage() {}

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    try (Session session = new Session(spec)) {
      LearningRate rate = Schedules.of(spec.settings());
      return new TrainingLoop(session, events, rate).run(() -> steps(session, events));
    }
  }

  private static StepMaker steps(Session session, StageEvents events) {
    return new NextTokenSteps(
        session, order(session.spec(), session.tokenizer(), session.rowLength(), events));
  }

  static DataOrder order(StageSpec spec, Tokenizer tokenizer, int rowLength, StageEvents events) {
    SequenceDocuments documents =
        new SequenceDocuments(sequences(spec, tokenizer, rowLength, events));
    return new DataOrder(
        Map.of(SOURCE, documents),
        Map.of(SOURCE, 1.0),
        spec.seed(),
        spec.settings().integer("rows", 1),
        rowLength);
  }

  private static List<Sequence> sequences(
      StageSpec spec, Tokenizer tokenizer, int rowLength, StageEvents events) {
    ChatTemplate template = new ChatTemplate(tokenizer);
    List<Conversation> conversations = Conversation.readAll(spec.input(SOURCE));
    List<Sequence> sequences = new ArrayList<>();
    for (Conversation conversation : conversations) {
      Sequence sequence = sequence(template.render(conversation.messages()));
      if (sequence.length() <= rowLength) {
        sequences.add(sequence);
      }
    }
    int left = conversations.size() - sequences.size();
    if (left > 0) {
      events.log(
          "warning",
          "%d of %d conversations are longer than a row of %d tokens and are left out"
              .formatted(left, conversations.size(), rowLength));
    }
    if (sequences.isEmpty()) {
      throw new StageFailure(
          FailureClass.DATA,
          "None of the %d conversations fits into a row of %d tokens"
              .formatted(conversations.size(), rowLength));
    }
    return sequences;
  }

  /** Reads all but the last token; what the assistant says is what should follow. */
  static Sequence sequence(ChatTokens conversation) {
    int[] ids = conversation.ids();
    boolean[] assistant = conversation.assistant();
    int[] tokens = new int[ids.length - 1];
    int[] targets = new int[ids.length - 1];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = ids[i];
      targets[i] = assistant[i + 1] ? ids[i + 1] : PackedRows.NO_TARGET;
    }
    return new Sequence(tokens, targets);
  }
}
