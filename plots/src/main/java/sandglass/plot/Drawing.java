package sandglass.plot;

import java.awt.Graphics2D;

/**
 * A figure before it is written.
 *
 * @param width, height in pixels of a normal screen
 * @param table what is drawn, number by number
 */
record Drawing(String title, String caption, int width, int height, Table table, Painter painter) {

    /** Paints on a sheet of the drawing's size. */
    @FunctionalInterface
    interface Painter {
        void paint(Graphics2D g);
    }
}
