package org.datman.simulator.http;

/** Escaping of text for HTML and XML. */
public final class Markup {
    private Markup() {}

    /** Escapes special characters in text and attributes of XML and HTML; control characters that XML forbids are removed. */
    public static String escape(String text) {
        StringBuilder result = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> result.append("&amp;");
                case '<' -> result.append("&lt;");
                case '>' -> result.append("&gt;");
                case '"' -> result.append("&quot;");
                case '\'' -> result.append("&#39;");
                default -> {
                    if (c >= ' ' || c == '\n' || c == '\t' || c == '\r') {
                        result.append(c);
                    }
                }
            }
        }
        return result.toString();
    }
}
