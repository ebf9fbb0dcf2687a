package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.data.ConversationSequences;
import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.SequenceDocuments;
import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Conversation;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Supervised fine-tuning: conversations in the chat template, loss on the assistant's tokens. */
final class SftStage {
  private static final String SOURCE = ConversationSequences.SOURCE;

  private SftStage() {}

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    try (Session session = new Session(spec, events)) {
      LearningRate rate = Schedules.of(spec.settings());
      return new TrainingLoop(session, events, rate).run(() -> steps(session, events));
    }
  }

  private static StepMaker steps(Session session, StageEvents events) {
    return new NextTokenSteps(
        session, order(session.spec(), session.chatTemplate(), session.rowLength(), events));
  }

  static DataOrder order(StageSpec spec, ChatTemplate template, int rowLength, StageEvents events) {
    ConversationSequences read = sequences(spec, template, rowLength, events);
    return new DataOrder(
        Map.of(SOURCE, new SequenceDocuments(read.ids(), read.sequences())),
        Map.of(SOURCE, 1.0),
        spec.seed(),
        spec.settings().integer("rows", 1),
        rowLength);
  }

  private static ConversationSequences sequences(
      StageSpec spec, ChatTemplate template, int rowLength, StageEvents events) {
    List<Conversation> conversations = Conversation.readAll(spec.input(SOURCE));
    ConversationSequences read =
        ConversationSequences.of(conversations, template, rowLength, events);
    int left = conversations.size() - read.ids().size();
    if (left > 0) {
      events.log(
          "warning",
          "%d of %d conversations are longer than a row of %d tokens, or than their chat template is followed over, and are left out"
              .formatted(left, conversations.size(), rowLength));
    }
    if (read.ids().isEmpty()) {
      throw new StageFailure(
          FailureClass.DATA,
          "None of the %d conversations fits into a row of %d tokens and its chat template's bounds"
              .formatted(conversations.size(), rowLength));
    }
    return read;
  }
}
