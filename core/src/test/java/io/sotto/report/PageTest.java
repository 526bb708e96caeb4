package io.sotto.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is in the file, without a browser; {@code ReportIT} opens it. */
class PageTest {
  private static final Pattern POLICY =
      Pattern.compile("<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\">");

  private static List<String> between(String open, String close, String page) {
    Matcher matcher =
        Pattern.compile(Pattern.quote(open) + "(.*?)" + Pattern.quote(close), Pattern.DOTALL)
            .matcher(page);
    List<String> all = new ArrayList<>();
    while (matcher.find()) {
      all.add(matcher.group(1));
    }
    return all;
  }

  private static String policy(String page) {
    Matcher matcher = POLICY.matcher(page);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  void namesCannotLeaveTheirScript() {
    String json =
        "{\"a\":\"</script><img src=x onerror=alert(1)><!--&amp;\u2028\u2029 {{script}} {{scripts}}\"}";
    String page = Page.of(json);
    assertThat(between("<script type=\"application/json\" id=\"data\">", "</script>", page))
        .containsExactly(
            "{\"a\":\"\\u003c/script\\u003e\\u003cimg src=x onerror=alert(1)\\u003e\\u003c!--"
                + "\\u0026amp;\\u2028\\u2029 {{script}} {{scripts}}\"}");
    assertThat(page.split("</script>", -1)).as("three scripts").hasSize(4);
  }

  @Test
  void thePolicyAllowsWhatIsInItAndNothingElse() throws Exception {
    String page = Page.of("{}");
    assertThat(policy(page)).startsWith("default-src 'none';").doesNotContain("unsafe", "http");
    List<String> inline = new ArrayList<>(between("<script>", "</script>", page));
    inline.addAll(between("<style>", "</style>", page));
    assertThat(inline).hasSize(3);
    for (String text : inline) {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      assertThat(policy(page))
          .contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    }
  }

  @Test
  void itNamesNoFileToFetchAndKeepsTheLicence() {
    String page = Page.of("{}");
    String markup = page.replaceAll("(?s)<(script|style)[^>]*>.*?</\\1>", "");
    assertThat(markup).doesNotContain("src=", "href=\"http", "url(", "{{", " style=", "onclick");
    assertThat(page)
        .contains("Copyright (c) 2022 Leon Sorokin", "Permission is hereby granted")
        .doesNotContain("@import", "\r");
  }
}
