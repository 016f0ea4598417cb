package org.onset.corpus.intervene;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.onset.Fingerprint;
import org.onset.corpus.Dialogue;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Our own sentences, put together by draws; the resource says what each list is for. */
record TemplateSentences(
    List<List<String>> roles,
    List<String> names,
    List<String> requests,
    List<String> acknowledgements,
    List<String> declines,
    List<String> offers,
    List<String> pressing,
    List<String> staying,
    double pressed,
    List<List<String>> forms,
    List<String> titles,
    List<String> openings,
    List<String> perspectives,
    List<String> turns,
    List<String> closings,
    List<String> reflections,
    Map<String, Topic> topics) {

  private static final String RESOURCE = "templates-v1.yaml";

  static final TemplateSentences STANDARD = load();

  /** What is said of one {@link HarmTopic}. */
  record Topic(
      String subject,
      List<String> asks,
      List<String> whys,
      List<String> insteads,
      List<String> reflections) {}

  /** Two who talk with each other. */
  record Speakers(String asker, String answerer) {}

  private static TemplateSentences load() {
    return YAMLMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .build()
        .readValue(Resource.text(RESOURCE), TemplateSentences.class);
  }

  static String fingerprint() {
    return Fingerprint.of(Resource.text(RESOURCE));
  }

  /** Half the time by what they are, half by first names. */
  Speakers speakers(Draw draw) {
    if (draw.chance(0.5)) {
      List<String> pair = draw.any(roles);
      return new Speakers(pair.getFirst(), pair.getLast());
    }
    String asker = draw.any(names);
    List<String> others = names.stream().filter(name -> !name.equals(asker)).toList();
    return new Speakers(asker, draw.any(others));
  }

  /**
   * Someone asks for something of that topic; the other understands, declines, explains, offers.
   */
  String refusal(HarmTopic harm, Draw draw) {
    Map<String, String> values = values(harm, draw);
    Speakers speakers = speakers(draw);
    String request = Slots.fill(draw.any(requests), values);
    String answer =
        Slots.fill(
            String.join(
                " ", draw.any(acknowledgements), draw.any(declines), "{why}", draw.any(offers)),
            values);
    StringBuilder text = new StringBuilder(exchange(speakers, request, answer));
    if (draw.chance(pressed)) {
      text.append("\n\n").append(exchange(speakers, draw.any(pressing), draw.any(staying)));
    }
    return text.toString();
  }

  String moral(HarmTopic harm, Draw draw) {
    Map<String, String> values = values(harm, draw);
    values.put("title", Slots.fill(draw.any(titles), values));
    values.put("opening", Slots.fill(draw.any(openings), values));
    values.put("turn", draw.any(turns));
    values.put("closing", draw.any(closings));
    return Slots.fill(String.join("\n\n", draw.any(forms)), values);
  }

  /** A remark other than the one before. */
  String reflection(HarmTopic harm, Draw draw, String before) {
    while (true) {
      String reflection = Slots.fill(draw.any(reflections), values(harm, draw));
      if (!reflection.equals(before)) {
        return reflection;
      }
    }
  }

  private Map<String, String> values(HarmTopic harm, Draw draw) {
    Topic topic = topics.get(harm.label());
    if (topic == null) {
      throw new IllegalStateException("no templates for " + harm.label());
    }
    Map<String, String> values = new HashMap<>(); // looked up by name, never walked through
    int why = draw.below(topic.whys.size());
    values.put("subject", topic.subject);
    values.put("ask", draw.any(topic.asks));
    values.put("why", topic.whys.get(why));
    values.put("why2", topic.whys.get((why + 1) % topic.whys.size()));
    values.put("instead", draw.any(topic.insteads));
    values.put("reflection", draw.any(topic.reflections));
    values.put("perspective", draw.any(perspectives));
    return values;
  }

  private static String exchange(Speakers speakers, String request, String answer) {
    return Dialogue.opening(speakers.asker, speakers.answerer, request) + " " + answer;
  }
}
