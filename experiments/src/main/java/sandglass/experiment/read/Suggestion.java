package sandglass.experiment.read;

import java.util.Collection;

/** Finds the word that was probably meant. */
final class Suggestion {

    private Suggestion() {}

    /** {@code ; did you mean 'word'?}, or nothing if no word is near. */
    static String of(String written, Collection<String> words) {
        String best = "";
        int least = 1 + written.length() / 3;
        for (String word : words) {
            int distance = distance(written, word);
            if (distance <= least && (best.isEmpty() || distance < least)) {
                best = word;
                least = distance;
            }
        }
        return best.isEmpty() ? "" : "; did you mean '" + best + "'?";
    }

    /** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
