package dev.modelflow.cli.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.data.ConversationSequences;
import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.data.SeenJson;
import dev.modelflow.engine.data.SeenPairs;
import dev.modelflow.engine.data.SeenPrompts;
import dev.modelflow.engine.data.SequenceDocuments;
import dev.modelflow.engine.data.TokenSetDocuments;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Json;
import dev.modelflow.text.Message;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import dev.modelflow.text.TokenSet;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentSearchTest {
  private static final int DOCUMENTS = 12;
  private static final int STEPS = 9;

  @TempDir private Path root;
  private final Tokenizer tokenizer = TokenizerTrainer.train(new WordCounts(), 260);
  private Link pretrain = link("pretrain", Map.of());

  private static Link link(String stage, Map<String, String> inputs) {
    return new Link(stage + "-checkpoint", "run", stage, inputs, List.of());
  }

  private static Map<String, Double> mix(String source) {
    return Map.of(source, 1.0);
  }

  @BeforeEach
  void train() throws IOException {
    tokenSet("words", DOCUMENTS);
    pretrain = link("pretrain", Map.of("tokens.words", "words"));
    try (TokenSet set = TokenSet.open(root.resolve("words"))) {
      DataOrder order =
          new DataOrder(Map.of("words", new TokenSetDocuments(set)), mix("words"), 3, 1, 16);
      order.skip(STEPS);
      checkpoint(pretrain, "pretrain", STEPS, List.of(order.seen()));
    }
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  private void tokenSet(String name, int documents) throws IOException {
    try (TokenSetWriter writer = new TokenSetWriter(folder(name), "digest")) {
      for (int i = 0; i < documents; i++) {
        int[] ids = new int[3 + 5 * (i % 6)];
        Arrays.fill(ids, 10 + i);
        writer.add("d" + i, name, ids, ids.length);
      }
    }
  }

  private void checkpoint(Link link, String kind, int step, List<Seen> seen) throws IOException {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("kind", kind);
    state.put("step", step);
    state.put(SeenJson.KEY, SeenJson.write(seen));
    Json.write(folder(link.checkpoint()).resolve("trainer_state.json"), state);
    tokenizer.write(folder(link.checkpoint()));
  }

  /** Artifacts as folders below the root. */
  private final class LaidOut implements ArtifactFiles {
    @Override
    public Path folder(String artifact, List<String> names) {
      names.forEach(name -> assertThat(root.resolve(artifact).resolve(name)).exists());
      return root.resolve(artifact);
    }

    @Override
    public List<String> present(String artifact, List<String> names) {
      Path folder = root.resolve(artifact);
      return names.stream().filter(name -> Files.exists(folder.resolve(name))).toList();
    }
  }

  private DocumentAnswer ask(String document, Link... way) {
    return new DocumentSearch(new LaidOut(), document).answer(List.of(way));
  }

  /** Against the rows themselves, whose tokens say which document they are of. */
  @Test
  void aDocumentIsFoundInEveryStepWhoseRowsHeldIt() {
    try (TokenSet set = TokenSet.open(root.resolve("words"))) {
      DataOrder order =
          new DataOrder(Map.of("words", new TokenSetDocuments(set)), mix("words"), 3, 1, 16);
      List<PackedRows> rows = IntStream.range(0, STEPS).mapToObj(i -> order.next()).toList();
      for (int document = 0; document < DOCUMENTS; document++) {
        TreeSet<Integer> held = new TreeSet<>();
        for (int step = 1; step <= STEPS; step++) {
          for (int target : rows.get(step - 1).targets()) {
            if (target == 10 + document) {
              held.add(step);
            }
          }
        }
        DocumentAnswer answer = ask("d" + document, pretrain);
        assertThat(answer.stages().getFirst().sightings().stream().map(Sighting::step).toList())
            .containsAll(held)
            .allMatch(step -> step >= 1 && step <= STEPS);
        assertThat(answer.seen()).isEqualTo(answer.steps() > 0);
        assertThat(answer.known()).isTrue();
      }
    }
  }

  @Test
  void aDocumentThatNoDataHasIsNotSeen() {
    DocumentAnswer answer = ask("elsewhere", pretrain);
    assertThat(answer.seen()).isFalse();
    assertThat(answer.known()).isFalse();
    assertThat(answer.complete()).isTrue();
  }

  @Test
  void laterStagesSawConversationsPairsAndPrompts() throws IOException {
    Link sft = link("sft", Map.of("conversations", "talks", "checkpoint", pretrain.checkpoint()));
    List<Conversation> talks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      talks.add(
          new Conversation("c" + i, List.of(Message.user("?"), Message.assistant("!".repeat(i)))));
    }
    Conversation.writeAll(folder("talks"), talks.stream());
    ConversationSequences read = ConversationSequences.of(talks, ChatTemplate.flows(tokenizer), 64);
    DataOrder order =
        new DataOrder(
            Map.of("conversations", new SequenceDocuments(read.sequences())),
            mix("conversations"),
            3,
            1,
            64);
    order.skip(40);
    checkpoint(sft, "sft", 40, List.of(order.seen()));
    Link dpo = link("dpo", Map.of("checkpoint", sft.checkpoint()));
    checkpoint(dpo, "dpo", 2, List.of(new SeenPairs(0, 2, 3, 2, List.of("p1", "p2"))));
    Link rlvr = link("rlvr", Map.of("prompts", "prompts", "checkpoint", dpo.checkpoint()));
    Prompt.writeAll(
        folder("prompts"),
        IntStream.range(0, 3)
            .mapToObj(i -> new Prompt("p" + i, "digits", PromptForm.CHAT, "?", "1", null, null)));
    checkpoint(rlvr, "rlvr", 2, List.of(new SeenPrompts(0, 3, 3, List.of(3, 3))));

    DocumentAnswer talk = ask("c2", pretrain, sft, dpo, rlvr);
    assertThat(talk.stages().get(1).sightings()).isNotEmpty();
    assertThat(talk.stages().get(0).sightings()).isEmpty();
    DocumentAnswer prompt = ask("p1", pretrain, sft, dpo, rlvr);
    assertThat(prompt.stages().get(2).sightings())
        .containsExactly(
            new Sighting(1, "preferences", 0, 0), new Sighting(2, "preferences", 0, 0));
    assertThat(prompt.stages().get(3).sightings())
        .containsExactly(new Sighting(1, "prompts", 0, 0), new Sighting(2, "prompts", 0, 0));
    assertThat(prompt.steps()).isEqualTo(4);
  }

  private Link trained(String stage, int steps, String tokens, Map<String, String> from)
      throws IOException {
    Map<String, String> inputs = new LinkedHashMap<>(from);
    inputs.put("tokens.words", tokens);
    Link link = new Link(stage + "@" + steps, "run", stage, inputs, List.of());
    try (TokenSet set = TokenSet.open(root.resolve(tokens))) {
      DataOrder order =
          new DataOrder(Map.of("words", new TokenSetDocuments(set)), mix("words"), 5, 1, 16);
      order.skip(steps);
      checkpoint(link, "midtrain", steps, List.of(order.seen()));
    }
    return link;
  }

  private Link merge(String stage, Link... ingredients) throws IOException {
    Map<String, String> inputs = new LinkedHashMap<>();
    for (Link ingredient : ingredients) {
      inputs.put("checkpoint." + (inputs.size() + 1), ingredient.checkpoint());
    }
    Link merge = link(stage, inputs);
    checkpoint(merge, "merge", 1, List.of());
    return merge;
  }

  private static List<String> stages(DocumentAnswer answer) {
    return answer.stages().stream().map(StageSightings::checkpoint).toList();
  }

  @Test
  void aMergeHasSeenWhatItsIngredientsHave() throws IOException {
    tokenSet("others", DOCUMENTS + 1);
    Map<String, String> from = Map.of("checkpoint", pretrain.checkpoint());
    Link first = trained("midtrain-1", 40, "others", from);
    Link second = trained("midtrain-2", 20, "words", from);
    Link midtrain = merge("midtrain", first, second);
    Link sft = link("sft", Map.of("checkpoint", midtrain.checkpoint()));
    checkpoint(sft, "sft", 0, List.of());

    DocumentAnswer answer = ask("d12", pretrain, first, second, midtrain, sft);
    assertThat(answer.seen()).isTrue();
    assertThat(answer.complete()).isTrue();
    assertThat(stages(answer))
        .containsExactly(
            "pretrain-checkpoint",
            "midtrain-1@40",
            "midtrain-2@20",
            "midtrain-checkpoint",
            "sft-checkpoint");
    StageSightings merge = answer.stages().get(3);
    assertThat(merge.gap()).isNull();
    assertThat(merge.sightings()).isEmpty();
    assertThat(merge.merged())
        .containsExactly(
            new Merged(
                "midtrain-1@40", "midtrain-1", 40, List.of("pretrain"), answer.steps(), true),
            new Merged("midtrain-2@20", "midtrain-2", 20, List.of("pretrain"), 0, true));
    assertThat(ask("d5", pretrain, first, second, midtrain).steps())
        .isGreaterThan(ask("d5", pretrain, first).steps());
  }

  @Test
  void aStageBehindTwoIngredientsIsToldOnceAsFarAsTheLaterWent() throws IOException {
    Link early = trained("midtrain", 6, "words", Map.of());
    Link late = trained("midtrain", 20, "words", Map.of());
    DocumentAnswer whole = ask("d5", late);
    assertThat(whole.steps()).isGreaterThan(ask("d5", early).steps()).isGreaterThan(1);

    Link merge = merge("late", early, late);
    for (List<Link> way : List.of(List.of(early, late, merge), List.of(late, early, merge))) {
      DocumentAnswer answer = ask("d5", way.toArray(Link[]::new));
      assertThat(stages(answer)).containsExactly("midtrain@20", "late-checkpoint");
      assertThat(answer.steps()).isEqualTo(whole.steps());
      assertThat(answer.stages().getLast().merged())
          .containsExactly(
              new Merged("midtrain@6", "midtrain", 6, List.of(), ask("d5", early).steps(), true),
              new Merged("midtrain@20", "midtrain", 20, List.of(), whole.steps(), true));
    }
  }

  @Test
  void whatIsNotKnownOfAnIngredientIsNotKnownOfTheMerge() throws IOException {
    Link imported = link("import", Map.of());
    checkpoint(imported, "import", 0, List.of());
    Link merge = merge("soup", pretrain, imported);
    DocumentAnswer answer = ask("elsewhere", pretrain, imported, merge);
    assertThat(answer.complete()).isFalse();
    assertThat(answer.stages().getLast().merged())
        .extracting(Merged::complete)
        .containsExactly(true, false);

    DocumentAnswer alone = ask("elsewhere", merge("lost"));
    assertThat(alone.complete()).isFalse();
    assertThat(alone.stages().getLast().gap())
        .isEqualTo("the ledger knows no checkpoint that it merged");
  }

  @Test
  void theTenthIngredientComesAfterTheSecond() throws IOException {
    Link[] ingredients =
        IntStream.rangeClosed(1, 11)
            .mapToObj(i -> link("midtrain-" + i, Map.of()))
            .toArray(Link[]::new);
    assertThat(merge("midtrain", ingredients).before())
        .containsExactlyElementsOf(Arrays.stream(ingredients).map(Link::checkpoint).toList());
  }

  @Test
  void whatIsNotRecordedIsSaid() throws IOException {
    Link imported = link("import", Map.of());
    checkpoint(imported, "import", 0, List.of());
    Link old = link("midtrain", Map.of("checkpoint", imported.checkpoint()));
    checkpoint(old, "midtrain", 7, List.of());
    DocumentAnswer answer = ask("d1", imported, old);
    assertThat(answer.complete()).isFalse();
    assertThat(answer.stages().get(0).gap()).startsWith("the model was imported");
    assertThat(answer.stages().get(1).gap()).isEqualTo("7 of its 7 steps are not recorded");
  }

  @Test
  void aRecordThatIsNotOfTheDataIsRefused() throws IOException {
    tokenSet("words", DOCUMENTS + 1);
    assertThatThrownBy(() -> ask("d1", pretrain))
        .isInstanceOf(OrderException.class)
        .hasMessageStartingWith("The data-order record of stage pretrain is not that of its data");
  }

  @Test
  void aDamagedRecordIsRefused() throws IOException {
    Path state = root.resolve(pretrain.checkpoint()).resolve("trainer_state.json");
    Files.writeString(state, Files.readString(state).replace("\"rows\"", "\"magic\""));
    assertThatThrownBy(() -> ask("d1", pretrain))
        .isInstanceOf(OrderException.class)
        .hasMessageContaining(" of stage pretrain: The data-order record cannot be read: ");
  }

  @Test
  void aBranchMayHaveBegunWithOtherData() {
    Link branched =
        new Link(pretrain.checkpoint(), "run", "pretrain", Map.of(), List.of(pretrain.inputs()));
    assertThat(ask("d1", branched).known()).isTrue();
    Link lost = link("pretrain", Map.of());
    assertThatThrownBy(() -> ask("d1", lost))
        .isInstanceOf(OrderException.class)
        .hasMessageStartingWith("The ledger knows no tokens.words that stage pretrain read");
  }
}
