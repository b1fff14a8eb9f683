package sandglass.plot;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.List;

/** Text in the few sizes that figures use, measured the same for every kind of output. */
final class Text {

    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16);
    static final Font BODY = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    static final Font STRONG = new Font(Font.SANS_SERIF, Font.BOLD, 12);
    static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    static final int LINE = 15;

    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private Text() {}

    static double width(String text, Font font) {
        return font.getStringBounds(text, CONTEXT).getWidth();
    }

    /** Draws text with its baseline at {@code y} and the share {@code anchor} of its width left of {@code x}. */
    static void draw(Graphics2D g, String text, Font font, double x, double y, double anchor) {
        g.setFont(font);
        g.drawString(text, (float) (x - anchor * width(text, font)), (float) y);
    }

    /** Draws text that runs upwards from its baseline's left end at {@code y}. */
    static void drawUpright(Graphics2D g, String text, Font font, double x, double y) {
        AffineTransform level = g.getTransform();
        g.translate(x, y);
        g.rotate(-Math.PI / 2);
        draw(g, text, font, 0, 0, 0);
        g.setTransform(level);
    }

    /** Breaks text at spaces and after hyphens into lines of at most this width; a longer word stays whole. */
    static List<String> wrap(String text, Font font, double width) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split("(?<=[- ])")) {
            if (!line.isEmpty() && width((line + word).stripTrailing(), font) > width) {
                lines.add(line.stripTrailing());
                line = "";
            }
            line += word;
        }
        lines.add(line.stripTrailing());
        return lines;
    }
}
