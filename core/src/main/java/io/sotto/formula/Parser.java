package io.sotto.formula;

import io.sotto.formula.Lexer.Kind;
import io.sotto.formula.Lexer.Token;
import java.util.ArrayList;
import java.util.List;

/** Reads a formula with the precedence of operators that R has. */
final class Parser {
  private static final List<String> LEVELS = List.of("~", "+-", "*/", ":"); // each binds tighter

  private final String formula;
  private final List<Token> tokens;
  private int next;

  private Parser(String formula) {
    this.formula = formula;
    this.tokens = Lexer.tokens(formula);
  }

  /** Reads a text. */
  static Node read(String formula) {
    return new Parser(formula).whole(0);
  }

  /** Reads a text that has nothing left of its ~. */
  static Node terms(String formula) {
    Parser parser = new Parser(formula);
    if (!parser.takes('~')) {
      throw Lexer.bad(formula, 1, "the label is said elsewhere: begin with the ~, as in ~ a + b");
    }
    return parser.whole(1);
  }

  private Node whole(int level) {
    Node all = pairs(level);
    if (peek().kind() != Kind.END) {
      throw unexpected();
    }
    return all;
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    return tokens.get(next++);
  }

  private boolean takes(char sign) {
    boolean there = peek().is(sign);
    next += there ? 1 : 0;
    return there;
  }

  private Node pairs(int level) {
    if (level == LEVELS.size()) {
      return signed();
    }
    Node left = pairs(level + 1);
    while (peek().kind() == Kind.SIGN && LEVELS.get(level).contains(peek().text())) {
      Token sign = take();
      left = new Node.Pair(sign.text().charAt(0), left, pairs(level + 1), sign.at());
    }
    return left;
  }

  private Node signed() {
    Token sign = peek();
    if (sign.is('-') || sign.is('+')) {
      next++;
      return new Node.Signed(sign.text().charAt(0), signed(), sign.at());
    }
    return power();
  }

  private Node power() {
    Node base = atom();
    Token sign = peek();
    return takes('^') ? new Node.Pair('^', base, signed(), sign.at()) : base;
  }

  private Node atom() {
    Token token = peek();
    if (token.kind() == Kind.NUMBER) {
      next++;
      return new Node.Constant(Double.parseDouble(token.text()), token.at());
    }
    if (token.kind() == Kind.NAME) {
      next++;
      return takes('(')
          ? new Node.Call(token.text(), arguments(), token.at())
          : new Node.Name(token.text(), token.at());
    }
    if (takes('(')) {
      Node inside = pairs(1);
      close();
      return new Node.Group(inside, token.at());
    }
    throw unexpected();
  }

  private List<Node.Argument> arguments() {
    List<Node.Argument> arguments = new ArrayList<>();
    if (takes(')')) {
      return arguments;
    }
    do {
      String name = "";
      if (peek().kind() == Kind.NAME && tokens.get(next + 1).is('=')) {
        name = take().text();
        next++;
      }
      arguments.add(new Node.Argument(name, pairs(1)));
    } while (takes(','));
    close();
    return List.copyOf(arguments);
  }

  private void close() {
    if (!takes(')')) {
      throw unexpected();
    }
  }

  private RuntimeException unexpected() {
    Token token = peek();
    return Lexer.bad(
        formula,
        token.at(),
        token.kind() == Kind.END
            ? "it ends where a column, a number or a ) should follow"
            : "'%s' cannot stand here".formatted(token.text()));
  }
}
