// npm appwrite 21 and node-appwrite 20.
import { story } from './story.mjs';

story(21, 20);
