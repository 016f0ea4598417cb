package org.onset.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HtmlTest {
  @Test
  void textNeverBecomesMarkup() {
    String html =
        new Html().element("p", "<b onclick='x()'>&amp;\"", "title", "\" onload=\"x").finished();

    assertThat(html)
        .isEqualTo(
            "<p title=\"&quot; onload=&quot;x\">&lt;b onclick=&#39;x()&#39;&gt;&amp;amp;&quot;</p>");
  }

  @Test
  void charactersThatAPageCannotHoldAreReplaced() {
    assertThat(Html.escape("a\u0000b\rc\uD800d\n\t😀")).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\n\t😀");
  }

  @Test
  void jsonCannotLeaveItsScriptElement() {
    String text = "</script><!-- \u2028\u2029 & ]]>";
    String json = JsonMapper.shared().writeValueAsString(text);

    String escaped = Html.escapeJson(json);

    assertThat(escaped).doesNotContain("<", ">", "&", "\u2028", "\u2029");
    assertThat(JsonMapper.shared().readValue(escaped, String.class)).isEqualTo(text);
  }

  @Test
  void anElementLeftOpenIsAMistake() {
    Html html = new Html().open("p");

    assertThatThrownBy(html::finished).hasMessageContaining("still open: [p]");
    assertThatThrownBy(() -> html.close("div")).hasMessageContaining("can't close <div>");
  }
}
