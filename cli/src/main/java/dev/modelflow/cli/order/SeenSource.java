package dev.modelflow.cli.order;

import dev.modelflow.engine.data.ConversationSequences;
import dev.modelflow.engine.data.DocumentLengths;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.data.SeenPairs;
import dev.modelflow.engine.data.SeenPrompts;
import dev.modelflow.engine.data.SeenRows;
import dev.modelflow.engine.data.SequenceDocuments;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TokenSetIndex;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The data of one stage, in which a document is looked for. */
final class SeenSource {
  private static final String PREFERENCES = "preferences";
  private static final String PROMPTS = "prompts";

  private final Link link;
  private final ArtifactFiles files;
  private final String document;
  private boolean known;

  SeenSource(Link link, ArtifactFiles files, String document) {
    this.link = link;
    this.files = files;
    this.document = document;
  }

  /** Whether the data that was looked at has the document. */
  boolean isKnown() {
    return known;
  }

  /** Where these steps saw the document. */
  List<Sighting> sightings(Seen seen) {
    return switch (seen) {
      case SeenRows rows -> rows(rows);
      case SeenPairs pairs -> pairs(pairs);
      case SeenPrompts prompts -> prompts(prompts);
    };
  }

  private List<Sighting> rows(SeenRows rows) {
    Map<String, Data> data = new HashMap<>();
    for (String source : rows.order().mix().keySet()) {
      data.put(source, data(source, rows.order().rowLength()));
    }
    if (data.values().stream().allMatch(each -> each.found().isEmpty())) {
      return List.of();
    }
    known = true;
    Map<String, DocumentLengths> lengths = new HashMap<>();
    data.forEach((source, each) -> lengths.put(source, each.lengths()));
    List<Sighting> sightings = new ArrayList<>();
    boolean same =
        rows.replay(
            lengths,
            (step, place) -> {
              Data source = data.get(place.source());
              if (source != null && source.found().contains(place.document())) {
                sightings.add(new Sighting(step, place.source(), place.offset(), place.length()));
              }
            });
    if (!same) {
      throw new OrderException(
          "The data-order record of stage %s is not that of its data, or was made by another version of the order: it cannot be answered from"
              .formatted(link.stage()));
    }
    return sightings;
  }

  /** How long a source's documents are, and which of them is looked for. */
  private record Data(DocumentLengths lengths, Set<Integer> found) {}

  private record Index(TokenSetIndex set) implements DocumentLengths {
    @Override
    public int count() {
      return set.documents();
    }

    @Override
    public int length(int document) {
      return set.length(document);
    }
  }

  private Data data(String source, int rowLength) {
    if (link.input(ConversationSequences.SOURCE).isPresent()
        && source.equals(ConversationSequences.SOURCE)) {
      return conversations(rowLength);
    }
    TokenSetIndex set =
        TokenSetIndex.open(files.folder(artifact("tokens." + source), TokenSetIndex.FILES));
    return new Data(new Index(set), new TreeSet<>(set.find(document)));
  }

  private Data conversations(int rowLength) {
    List<Conversation> conversations =
        Conversation.readAll(
            files.folder(artifact(ConversationSequences.SOURCE), List.of(Conversation.FILE)));
    ConversationSequences read = ConversationSequences.of(conversations, template(), rowLength);
    return new Data(new SequenceDocuments(read.sequences()), positions(read.ids()));
  }

  /** A checkpoint has the template that its stage wrote conversations in. */
  private ChatTemplate template() {
    String checkpoint = link.checkpoint();
    List<String> names = new ArrayList<>(List.of(Tokenizer.FILE));
    names.addAll(files.present(checkpoint, List.of(TemplateFile.NAME, TokenizerConfig.FILE)));
    Path folder = files.folder(checkpoint, names);
    return ChatTemplate.of(folder, Tokenizer.read(folder));
  }

  private List<Sighting> pairs(SeenPairs pairs) {
    known |= pairs.pairs().contains(document);
    List<Sighting> sightings = new ArrayList<>();
    pairs.replay(
        (step, prompt) -> {
          if (prompt.equals(document)) {
            sightings.add(new Sighting(step, PREFERENCES, 0, 0));
          }
        });
    return sightings;
  }

  private List<Sighting> prompts(SeenPrompts prompts) {
    List<String> ids =
        Prompt.readAll(files.folder(artifact(PROMPTS), List.of(Prompt.FILE)), PromptForm.CHAT)
            .stream()
            .map(Prompt::id)
            .toList();
    Set<Integer> wanted = positions(ids);
    known |= !wanted.isEmpty();
    List<Sighting> sightings = new ArrayList<>();
    prompts.replay(
        (step, prompt) -> {
          if (wanted.contains(prompt)) {
            sightings.add(new Sighting(step, PROMPTS, 0, 0));
          }
        });
    return sightings;
  }

  private Set<Integer> positions(List<String> ids) {
    Set<Integer> positions = new TreeSet<>();
    IntStream.range(0, ids.size()).filter(i -> ids.get(i).equals(document)).forEach(positions::add);
    return positions;
  }

  private String artifact(String role) {
    return link.input(role)
        .orElseThrow(
            () ->
                new OrderException(
                    "The ledger knows no %s that stage %s read: its data-order record cannot be answered from"
                        .formatted(role, link.stage())));
  }
}
