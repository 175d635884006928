/**
 * The page's entry. Its two parts, React and all that is ours, are fetched together and evaluated one by one: on a slow
 * device each takes a while, and in between the browser answers.
 */
import './styles/index.css';
import 'react-dom/client';

const { start } = await import('./start.tsx');
setTimeout(start);
