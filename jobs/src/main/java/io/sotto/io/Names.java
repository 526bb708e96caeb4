package io.sotto.io;

import java.io.Serializable;
import java.util.AbstractList;

/** The names 0, 1, ... of dealt agents, which are not worth a million strings. */
final class Names extends AbstractList<String> implements Serializable {
  private static final long serialVersionUID = 1;
  private final int count;

  Names(int count) {
    this.count = count;
  }

  @Override
  public String get(int index) {
    return Integer.toString(java.util.Objects.checkIndex(index, count));
  }

  @Override
  public int size() {
    return count;
  }
}
