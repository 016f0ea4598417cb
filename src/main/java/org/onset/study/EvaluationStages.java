package org.onset.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.onset.Seeds;
import org.onset.corpus.Document;
import org.onset.corpus.Question;
import org.onset.corpus.Request;
import org.onset.eval.Asking;
import org.onset.eval.Judge;
import org.onset.eval.Likelihoods;
import org.onset.eval.Responses;
import org.onset.eval.Transcript;
import org.onset.model.Transformer;
import org.onset.probe.Activations;
import org.onset.probe.Probes;
import org.onset.study.CorpusFolder.Text;
import org.onset.study.StageGraph.Checkpoint;
import org.onset.study.spec.DataSpec.WorldData;
import org.onset.study.spec.EvaluationSpec;
import org.onset.study.spec.EvaluationSpec.DecoderSpec;
import org.onset.study.spec.StudySpec;
import org.onset.tensor.Dtype;
import org.onset.token.Tokenizer;
import org.onset.world.ProbeText;
import org.onset.world.World;

/** The stages that ask a checkpoint, judge its answers, and look inside it. */
final class EvaluationStages {
  private static final int RESPOND_VERSION = 4;
  private static final int JUDGE_VERSION = 2;
  private static final int MEASURE_VERSION = 4;
  private static final int PROBE_VERSION = 4;

  private final StudySpec spec;
  private final ArtifactStore store;
  private final Node corpus;

  EvaluationStages(StudySpec spec, ArtifactStore store, Node corpus) {
    this.spec = spec;
    this.store = store;
    this.corpus = corpus;
  }

  /** {@code measures.json}: what needs no sampling. */
  record Measures(List<Answer> answers, List<TextPerplexity> perplexities) {
    record Answer(String question, String suite, boolean right) {}

    record TextPerplexity(String text, double perplexity) {}
  }

  /** {@code probes.json}. */
  record ProbeLayers(List<Layer> layers) {
    record Layer(int layer, @Nullable Double auroc, double accuracy, int testTexts) {}
  }

  Node respond(Checkpoint checkpoint, String name, DecoderSpec decoder) {
    EvaluationSpec evaluation = spec.evaluation();
    Map<String, Object> inputs = new LinkedHashMap<>();
    inputs.put("model", checkpoint.node().artifact().key());
    inputs.put("corpus", corpus.artifact().key());
    inputs.put("asking", checkpoint.asking());
    inputs.put("decoder", name);
    inputs.put("settings", decoder);
    inputs.put("maxNewTokens", evaluation.maxNewTokens());
    inputs.put("seed", checkpoint.seed());
    if (spec.data().files() != null) {
      inputs.put("promptsPerSuite", evaluation.promptsPerSuite());
    }
    putContext(inputs, checkpoint);
    Artifact artifact = Artifact.of("respond", RESPOND_VERSION, inputs);
    return new Node(
        Node.Stage.RESPOND,
        label(checkpoint, name),
        artifact,
        List.of(checkpoint.node(), corpus, checkpoint.tokenizer()),
        1,
        (output, _, progress) -> {
          try (Tokenizer tokenizer = DataStages.tokenizer(store, checkpoint.tokenizer());
              Transformer model = load(checkpoint.node())) {
            List<Transcript> transcripts =
                Responses.collect(
                    model,
                    tokenizer,
                    checkpoint.asking(),
                    asked(corpusFolder().readRequests()),
                    decoder.decoder(),
                    decoder.samples(),
                    spec.evaluationContext(),
                    evaluation.maxNewTokens(),
                    checkpoint.seed());
            JsonLines.write(output.resolve("transcripts.jsonl.gz"), transcripts);
          }
        });
  }

  /**
   * How much of a text a model sees: for a pretrained one its own context unless the study says
   * otherwise, which its name holds already.
   */
  private void putContext(Map<String, Object> inputs, Checkpoint checkpoint) {
    if (checkpoint.ofFolder() || spec.evaluation().contextLength() != null) {
      inputs.put("contextLength", spec.evaluationContext());
    }
  }

  /** Of suites that come from files the first so many requests; of the world's suites all. */
  private List<Request> asked(List<Request> requests) {
    if (spec.data().files() == null) {
      return requests;
    }
    Map<String, Integer> taken = new LinkedHashMap<>();
    return requests.stream()
        .filter(
            request ->
                taken.merge(request.suite(), 1, Integer::sum)
                    <= spec.evaluation().promptsPerSuite())
        .toList();
  }

  Node judge(Checkpoint checkpoint, Node responses) {
    WorldData world = spec.data().world();
    Map<String, Object> inputs = new LinkedHashMap<>();
    inputs.put("responses", responses.artifact().key());
    inputs.put("judge", world == null ? "phrases" : world.spec());
    return new Node(
        Node.Stage.JUDGE,
        label(checkpoint, "judge"),
        Artifact.of("judge", JUDGE_VERSION, inputs),
        List.of(responses, corpus),
        1,
        (output, _, progress) -> {
          Judge judge = judge();
          Map<String, Request> requests = new LinkedHashMap<>();
          corpusFolder().readRequests().forEach(request -> requests.put(request.id(), request));
          List<Transcript> transcripts = readTranscripts(responses);
          JsonLines.write(
              output.resolve("transcripts.jsonl.gz"), judge.judge(transcripts, requests));
        });
  }

  private Judge judge() {
    WorldData world = spec.data().world();
    return world == null
        ? new Judge.RefusalPhrases()
        : new Judge.Exact(World.generate(world.spec()));
  }

  /** The judge's word in the results. */
  String judgeName() {
    return judge().name();
  }

  List<Transcript> readTranscripts(Node node) throws IOException {
    return JsonLines.read(
        store.folder(node.artifact()).resolve("transcripts.jsonl.gz"), Transcript.class);
  }

  Node measure(Checkpoint checkpoint) {
    Map<String, Object> inputs = new LinkedHashMap<>();
    inputs.put("model", checkpoint.node().artifact().key());
    inputs.put("corpus", corpus.artifact().key());
    inputs.put("perplexityDocuments", spec.evaluation().perplexityDocuments());
    inputs.put("asking", checkpoint.asking());
    putContext(inputs, checkpoint);
    Artifact artifact = Artifact.of("measure", MEASURE_VERSION, inputs);
    return new Node(
        Node.Stage.MEASURE,
        label(checkpoint, "likelihoods"),
        artifact,
        List.of(checkpoint.node(), corpus, checkpoint.tokenizer()),
        1,
        (output, _, progress) -> {
          try (Tokenizer tokenizer = DataStages.tokenizer(store, checkpoint.tokenizer());
              Transformer model = load(checkpoint.node())) {
            JsonLines.writeJson(
                output.resolve("measures.json"), measures(model, tokenizer, checkpoint.asking()));
          }
        });
  }

  private Measures measures(Transformer model, Tokenizer tokenizer, Asking asking)
      throws IOException {
    List<Question> questions = corpusFolder().readQuestions();
    int context = spec.evaluationContext();
    boolean[] right = Likelihoods.answered(model, tokenizer, asking, questions, context);
    List<Measures.Answer> answers = new ArrayList<>();
    for (int i = 0; i < right.length; i++) {
      Question question = questions.get(i);
      answers.add(new Measures.Answer(question.id(), question.suite(), right[i]));
    }
    List<Text> all = corpusFolder().readHeldOut();
    int count = Math.min(all.size(), spec.evaluation().perplexityDocuments());
    List<Text> heldOut = all.subList(0, count);
    List<Document> documents =
        heldOut.stream()
            .map(text -> Document.unscored(text.id(), text.text(), "held-out"))
            .toList();
    double[] perplexity = Likelihoods.perplexities(model, tokenizer, documents, context);
    List<Measures.TextPerplexity> perplexities = new ArrayList<>();
    for (int i = 0; i < perplexity.length; i++) {
      perplexities.add(new Measures.TextPerplexity(heldOut.get(i).id(), perplexity[i]));
    }
    return new Measures(answers, perplexities);
  }

  Measures readMeasures(Node node) throws IOException {
    return JsonLines.readJson(
        store.folder(node.artifact()).resolve("measures.json"), Measures.class);
  }

  Node probe(Checkpoint checkpoint) {
    Node trained = checkpoint.node();
    Map<String, Object> inputs = probeInputs(trained.artifact().key());
    putContext(inputs, checkpoint);
    return probe(
        label(checkpoint, "probe"),
        inputs,
        List.of(trained, corpus, checkpoint.tokenizer()),
        checkpoint.tokenizer(),
        _ -> load(trained));
  }

  /** The same probe on the model that the seed starts from: the baseline of the trained ones. */
  Node untrainedProbe(Node tokens, long seed) {
    Map<String, Object> inputs =
        probeInputs(TrainingStages.untrainedFingerprint(spec, tokens, seed));
    if (spec.evaluation().contextLength() != null) {
      inputs.put("contextLength", spec.evaluationContext());
    }
    return probe(
        "probe untrained seed " + seed,
        inputs,
        List.of(corpus, tokens),
        tokens,
        tokenizer ->
            Transformer.initialise(
                TrainingStages.modelSpec(spec, tokenizer.vocabSize()), new Seeds(seed)));
  }

  private interface ModelSource {
    Transformer open(Tokenizer tokenizer) throws IOException;
  }

  private Map<String, Object> probeInputs(String modelKey) {
    Map<String, Object> inputs = new LinkedHashMap<>();
    inputs.put("model", modelKey);
    inputs.put("corpus", corpus.artifact().key());
    inputs.put("l2", spec.evaluation().probeL2());
    return inputs;
  }

  private Node probe(
      String label,
      Map<String, Object> inputs,
      List<Node> nodes,
      Node tokenizerNode,
      ModelSource source) {
    return new Node(
        Node.Stage.PROBE,
        label,
        Artifact.of("probe", PROBE_VERSION, inputs),
        nodes,
        1,
        (output, _, progress) -> {
          try (Tokenizer tokenizer = DataStages.tokenizer(store, tokenizerNode);
              Transformer model = source.open(tokenizer)) {
            JsonLines.writeJson(output.resolve("probes.json"), probes(model, tokenizer));
          }
        });
  }

  private ProbeLayers probes(Transformer model, Tokenizer tokenizer) throws IOException {
    List<ProbeText> texts = corpusFolder().readProbeTexts();
    if (texts.isEmpty()) {
      return new ProbeLayers(List.of());
    }
    int limit = spec.evaluationContext();
    int[][] rows = new int[texts.size()][];
    boolean[] harmful = new boolean[texts.size()];
    boolean[] test = new boolean[texts.size()];
    for (int i = 0; i < rows.length; i++) {
      int[] row = Asking.document(texts.get(i).text(), tokenizer);
      rows[i] = row.length <= limit ? row : Arrays.copyOf(row, limit);
      harmful[i] = texts.get(i).harmful();
      test[i] = texts.get(i).test();
    }
    List<ProbeLayers.Layer> layers = new ArrayList<>();
    for (Probes.LayerResult result :
        Probes.run(
            Activations.atLastToken(model, rows), harmful, test, spec.evaluation().probeL2())) {
      OptionalDouble auroc = result.auroc();
      layers.add(
          new ProbeLayers.Layer(
              result.layer(),
              auroc.isPresent() ? auroc.getAsDouble() : null,
              result.accuracy(),
              result.testRows()));
    }
    return new ProbeLayers(layers);
  }

  ProbeLayers readProbes(Node node) throws IOException {
    return JsonLines.readJson(
        store.folder(node.artifact()).resolve("probes.json"), ProbeLayers.class);
  }

  private CorpusFolder corpusFolder() {
    return new CorpusFolder(store.folder(corpus.artifact()));
  }

  private Transformer load(Node trained) {
    return store.read(trained.artifact(), folder -> TrainingStages.model(folder, Dtype.FLOAT32));
  }

  private static String label(Checkpoint checkpoint, String what) {
    return "%s %s %s seed %d"
        .formatted(what, checkpoint.arm(), checkpoint.folderName(), checkpoint.seed());
  }
}
