// npm appwrite 27 and node-appwrite 27.
import { story } from './story.mjs';

story(27, 27);
